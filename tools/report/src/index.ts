export { writeReport, type ReportOptions, type ReportPart } from './write-report.ts';

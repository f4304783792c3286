export { renderOverlay, type Overlay } from './render-overlay.ts';
export { toPng } from './to-png.ts';

export { renderOverlay, type Overlay } from './render-overlay.ts';
export { toPng } from './canvas.ts';

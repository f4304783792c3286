export { renderOverlay } from './render-overlay.ts';
export { toPng } from './canvas.ts';
export { choosePlanes, findFocus, type Planes } from './planes.ts';
export { type Plane } from './slice-plane.ts';

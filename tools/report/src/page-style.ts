import { SUV_RANGE } from './pictures/case-pictures.ts';
import { markup, type Markup } from './markup.ts';

/** Upper ends of the PET windows that a reader can choose, the first by default. */
export const SUV_WINDOWS = [5, 7, 10] as const;

/** The filters that give the pixels of a PET a window: inverse grey, and a hot scale over a CT. */
export function petFilters(): Markup {
  return markup`<svg class="hidden" width="0" height="0" aria-hidden="true"><defs>${SUV_WINDOWS.map(
    (high) => {
      const gain = SUV_RANGE[1] / high;
      const grey = ['R', 'G', 'B'].map((c) => channel(c, -gain, 1));
      // Black over red and yellow to white; CT shows through where there is little uptake.
      const hot = ['R', 'G', 'B'].map((c, i) => channel(c, 3 * gain, -i));
      return markup`<filter id="grey-${high}" x="0" y="0" width="1" height="1" color-interpolation-filters="sRGB"><feComponentTransfer>${grey}</feComponentTransfer></filter>
<filter id="hot-${high}" x="0" y="0" width="1" height="1" color-interpolation-filters="sRGB"><feComponentTransfer>${hot}</feComponentTransfer><feColorMatrix values="1 0 0 0 0 0 1 0 0 0 0 0 1 0 0 0.75 0 0 0 0"/></filter>`;
    },
  )}</defs></svg>`;
}

function channel(name: string, slope: number, intercept: number): Markup {
  return markup`<feFunc${name} type="linear" slope="${slope}" intercept="${intercept}"/>`;
}

const WINDOW_STYLE = SUV_WINDOWS.map(
  (high, i) => `
${i === 0 ? '' : `body:has(#window-${high}:checked) `}.tint-grey{filter:url(#grey-${high})}
${i === 0 ? '' : `body:has(#window-${high}:checked) `}.tint-hot{filter:url(#hot-${high})}
body:not(:has(#window-${high}:checked)) .only-${high}{display:none}`,
).join('');

/** The style of the page, for light, dark and print. */
export const STYLE = `
:root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--soft:#f3f5f7;--line:#8b949e;--quiet:#57606a;--link:#0a58ca;--warn:#8a3b00;--series-1:#0a6bb0;--series-2:#b5480a;--series-3:#7a3fb0}
@media (prefers-color-scheme:dark){:root{--ink:#e8ebee;--paper:#14171a;--soft:#20252a;--line:#6e7681;--quiet:#aab3bc;--link:#7ab7ff;--warn:#ffb27a;--series-1:#5db8f5;--series-2:#f59a5d;--series-3:#c79cf2}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
header,main,footer{max-width:1500px;margin:auto;padding:0 1rem}
h1{margin:1rem 0 0;font-size:1.6rem}h2{margin:2.5rem 0 .5rem;border-bottom:2px solid var(--line)}h3{margin:1rem 0 .25rem;font-size:1.05rem}
small,.note,figcaption,caption{color:var(--quiet);font-size:.875rem}
a{color:var(--link)}:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-99rem}.skip:focus{position:static}
nav ul,.cards{display:flex;flex-wrap:wrap;gap:.5rem 1.25rem;list-style:none;padding:0}
.cards{gap:.75rem}.card{flex:1 1 13rem;max-width:20rem;padding:.5rem .9rem .7rem;background:var(--soft);border-radius:8px}
.card h3,.card p{margin:0}.value{font-size:2rem;font-weight:600;line-height:1.2}
.bar{position:relative;height:10px;margin:.3rem 0;background:var(--paper);border:1px solid var(--line);border-radius:5px}
.bar span{position:absolute;top:0;bottom:0;min-width:2px;background:var(--series-1);opacity:.45}
.bar b{position:absolute;top:-3px;bottom:-3px;width:3px;margin-left:-1px;background:var(--ink)}
.warning,.failures{padding:.4rem .9rem;border-left:5px solid var(--warn);background:var(--soft)}.failures h2{margin-top:0;border:0}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(24rem,100%),1fr));gap:.25rem 1.5rem;margin:.25rem 0}dt{font-weight:600}dd{margin:0}
.charts{display:flex;flex-wrap:wrap;gap:1rem 3rem;align-items:flex-start}.charts>div{flex:1 1 24rem;max-width:40rem}.chart{margin:0;max-width:100%}.chart figcaption{max-width:29rem}.chart svg{max-width:none;display:block}
.scroll{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;margin:.75rem 0;font-variant-numeric:tabular-nums}
caption{text-align:left;padding-bottom:.25rem}
th,td{padding:.2rem .7rem;border-bottom:1px solid var(--line);text-align:left}
thead th{vertical-align:bottom;background:var(--soft)}.number{text-align:right}.number,.number small{white-space:nowrap}tbody th{font-weight:600;white-space:nowrap}
th button{all:unset;cursor:pointer;font-weight:600}th button:focus-visible{outline:3px solid var(--link)}
th[aria-sort=ascending] button::after{content:" ▲"}th[aria-sort=descending] button::after{content:" ▼"}
.filter{display:flex;flex-wrap:wrap;gap:1rem;align-items:center}.filter input{font:inherit;padding:.2rem .5rem}
.hidden{position:absolute}
.controls{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:.4rem 0;background:var(--paper);border-bottom:1px solid var(--line)}
fieldset{display:flex;flex-wrap:wrap;gap:.1rem 1rem;align-items:center;border:0;margin:0;padding:0}legend{float:left;font-weight:600;margin-right:1rem}
.ramp-grey,.ramp-hot{display:inline-block;width:4.5rem;height:.8rem;border:1px solid var(--line);vertical-align:middle;margin-right:.2rem;background:linear-gradient(90deg,#fff,#000)}
.ramp-hot{background:linear-gradient(90deg,#000,#f00 33%,#ff0 67%,#fff)}
.key svg{width:30px;height:10px}
article{margin:1.5rem 0 2.5rem}.outputs{display:flex;flex-wrap:wrap;gap:0 1.5rem;list-style:none;margin:0;padding:0}.wrong{color:var(--warn)}
.pictures,.planes,.projections{display:grid;grid-template-columns:minmax(0,1fr);gap:.5rem;align-items:start}
.planes{grid-template-columns:repeat(auto-fit,minmax(15rem,1fr))}.projections{grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));max-width:42rem}
@media(min-width:50rem){.controls{position:sticky;top:0;z-index:1}.planes{grid-template-columns:repeat(3,1fr)}}
@media(min-width:75rem){.pictures{grid-template-columns:minmax(0,2.4fr) minmax(0,1fr)}.projections{grid-template-columns:1fr}.lesions{grid-column:1/3}}
.lesions{min-width:0}.lesions table{font-size:.8rem;margin:0}.lesions td,.lesions th{padding:.15rem .35rem}.pictures figure{margin:0}.tile{display:block;width:100%;background:#000}
.tile image,.tile use{image-rendering:auto}
.marks{fill:#fff;stroke:#000;paint-order:stroke;font-family:system-ui,sans-serif;font-weight:700}.on-white{background:#fff}.on-white .marks{fill:#000;stroke:#fff}.marks path{stroke:#fff;stroke-width:2px;vector-effect:non-scaling-stroke;fill:none}.on-white .marks path{stroke:#000}
.outline path{fill:none;stroke-width:3.2px;stroke:#000;stroke-opacity:.75;vector-effect:non-scaling-stroke;stroke-linejoin:round}
.outline path+path{stroke-width:1.6px;stroke-opacity:1;stroke:#3aa0ff}.outline.label-2 path+path{stroke:#2be05a}.outline.label-3 path+path{stroke:#ff8ad8}
.outline.truth path+path{stroke-dasharray:5 4;stroke:#d4ebff}.outline.truth.label-2 path+path{stroke:#b9ffcc}.outline.truth.label-3 path+path{stroke:#ffd9f2}
body:has(#outlines:not(:checked)) .tile .outline{display:none}
${WINDOW_STYLE}
@media print{:root{font-size:12px;color-scheme:light;--ink:#000;--paper:#fff;--soft:#f3f5f7;--line:#8b949e;--quiet:#444;--link:#000;--warn:#8a3b00;--series-1:#0a6bb0;--series-2:#b5480a;--series-3:#7a3fb0}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}body{font-size:9pt}nav,.skip,.filter,.controls fieldset:first-child{display:none}.controls{position:static}
.charts{flex-wrap:nowrap;gap:1rem}.chart{flex:1 1 0;min-width:0}.chart svg{max-width:100%;height:auto}.card,figure,tr,.warning{break-inside:avoid}h2,h3{break-after:avoid}article+article,[aria-labelledby=pictures],[aria-labelledby=cases]{break-before:page}.scroll:not(:has(.sortable)){break-inside:avoid}.outline path{stroke-width:1.7px}.outline path+path{stroke-width:.9px}.outline.truth path+path{stroke-dasharray:3 2}.scroll{overflow:visible}
.pictures{grid-template:auto auto/minmax(0,3fr) minmax(0,1fr)}.planes{grid-row:1;grid-template-columns:repeat(3,1fr)}.projections{grid-template-columns:1fr}.lesions{grid-column:1/3}td small{font-size:6.5pt}.controls label{display:none}[aria-labelledby=cases],footer{page:wide}[aria-labelledby=cases] :is(th,td){padding:.1rem .2rem;font-size:7pt}table{font-size:8pt}th,td{padding:.1rem .3rem}}
@page{size:A4;margin:12mm}
@page wide{size:A4 landscape}
`;

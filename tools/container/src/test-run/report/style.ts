/** The page's looks, for light and dark. */
export const STYLE = `
:root{--back:#f6f7f9;--card:#fff;--ink:#1c2430;--soft:#5b6675;--line:#dfe4ea;--good:#18794e;--bad:#c62a2f;--doubt:#9a5b00;--goodback:#e3f5ec;--badback:#fdeaea;--doubtback:#fdf1dc;--bar:#4f7fd6}
@media (prefers-color-scheme:dark){:root{--back:#12161c;--card:#1a2029;--ink:#e6eaf0;--soft:#9aa6b5;--line:#2c3541;--good:#5fd39b;--bad:#ff8a8a;--doubt:#f2b84b;--goodback:#173226;--badback:#3a1e20;--doubtback:#382c14;--bar:#6f9cf0}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:64rem;margin:0 auto;padding:1.5rem 1rem 3rem}
header,section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1rem 1.25rem;margin:0 0 1rem}
header{display:flex;gap:1rem;align-items:center;border-left:6px solid var(--good)}
header.broken{border-left-color:var(--bad)}
header .mark{font-size:2rem;line-height:1;margin:0;color:var(--good)}
header.broken .mark{color:var(--bad)}
header p{margin:.25rem 0 0;color:var(--soft)}
h1{font-size:1.25rem;margin:0}
h2{font-size:1.05rem;margin:0 0 .75rem}
h3{font-size:.95rem;margin:1.25rem 0 .5rem}
summary{cursor:pointer}
summary h2{display:inline}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.paths{color:var(--soft);margin:.5rem 0 1rem}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;margin:0 0 1rem}
th{text-align:left;font-weight:600;color:var(--soft);font-size:.85rem}
th,td{padding:.45rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
td:first-child{min-width:11rem}
tr.broken td{background:var(--badback)}
tr.warning td{background:var(--doubtback)}
.advice{margin:.4rem 0 0;font-size:.93em}
.badge{display:inline-block;border-radius:99px;padding:.05rem .6rem;font-size:.82rem;white-space:nowrap;border:1px solid var(--line);color:var(--soft)}
.badge.kept{color:var(--good);background:var(--goodback);border-color:transparent}
.badge.broken{color:var(--bad);background:var(--badback);border-color:currentColor;font-weight:600}
.badge.warning{color:var(--doubt);background:var(--doubtback);border-color:transparent}
.stages td{padding:.15rem .6rem;border:0}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.bar{width:60%}
.bar div{height:.8rem;min-width:1px;border-radius:3px;background:var(--bar)}
figure{margin:1rem 0 0}
img{max-width:100%;border-radius:6px;display:block}
figcaption,footer{color:var(--soft);font-size:.9rem;margin-top:.4rem}
@media print{header,section{break-inside:avoid}}
`;

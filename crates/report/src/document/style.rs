//! How a page looks and the little it does: no network, light and dark, readable without scripts.

/// Colours from the system's theme unless the reader chooses; print is always light.
pub(super) const CSS: &str = r#"
:root{color-scheme:light dark;--paper:#fbfbf9;--card:#fff;--figure:#fff;--ink:#1d2430;--soft:#5b6573;--line:#e6e7e3;
--line-strong:#4a5260;--accent:#1f5fa8;--good:#1b7a43;--bad:#b3261e;--note:#eef4fb;--code:#f1f2ee;--shade:#0003}
@media(prefers-color-scheme:dark){:root:not([data-theme=light]){--paper:#14171c;--card:#1b1f26;--figure:#1b1f26;--ink:#e4e7ec;
--soft:#9aa4b2;--line:#2c323b;--line-strong:#8b95a3;--accent:#7db4f0;--good:#6fcf97;--bad:#ff8a80;--note:#1c2733;--code:#242932;--shade:#000b}}
:root[data-theme=dark]{color-scheme:dark;--paper:#14171c;--card:#1b1f26;--figure:#1b1f26;--ink:#e4e7ec;--soft:#9aa4b2;--line:#2c323b;
--line-strong:#8b95a3;--accent:#7db4f0;--good:#6fcf97;--bad:#ff8a80;--note:#1c2733;--code:#242932;--shade:#000b}
:root[data-theme=light]{color-scheme:light}
*{box-sizing:border-box}html{scroll-behavior:smooth;scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--ink);line-height:1.6;
font-family:system-ui,"Segoe UI",Roboto,"Noto Sans","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
.layout{display:grid;grid-template-columns:16rem minmax(0,1fr);max-width:92rem;margin:0 auto;gap:2rem;padding:0 1.5rem}
nav{position:sticky;top:0;align-self:start;max-height:100vh;overflow:auto;padding:2rem 0;font-size:.9rem}
nav summary{font-weight:650;cursor:pointer}nav ul{list-style:none;margin:.3rem 0;padding-left:.8rem}nav>details>ul{padding-left:0}
nav a{display:block;padding:.12rem 0;color:var(--soft);text-decoration:none}nav a:hover,nav a.here{color:var(--accent)}
nav>details>ul>li>a:not(.here){color:var(--ink)}nav>details>ul>li>a{font-weight:600;margin-top:.5rem}
main{padding:2rem 0 6rem;min-width:0}a{color:var(--accent)}
h1{font-size:2rem;line-height:1.2;margin:0 0 .3rem}h2{font-size:1.5rem;margin:3.5rem 0 .6rem;padding-top:1rem;border-top:2px solid var(--line)}
h3{font-size:1.12rem;margin:2.2rem 0 .5rem}h3 .id,h2 .id{white-space:nowrap;color:var(--soft);font-weight:400;font-size:.85em;margin-left:.5rem}
.subtitle{color:var(--soft);margin:0 0 1.5rem}p{max-width:46rem;margin:.6rem 0}ul.items{max-width:46rem;padding-left:1.3rem}
code{background:var(--code);border-radius:4px;padding:.08em .35em;font-size:.9em}
.figures{display:grid;grid-template-columns:minmax(0,44rem);gap:1rem;margin:1rem 0}
@media(min-width:66rem){.figures.many{grid-template-columns:repeat(2,minmax(0,1fr))}}
@media(min-width:86rem){.figures.many{grid-template-columns:repeat(3,minmax(0,1fr))}}
figure{margin:0;background:var(--card);border:1px solid var(--line);border-radius:8px;overflow:hidden}
figure svg{display:block;width:100%;height:auto}figcaption{padding:.35rem .9rem .6rem;font-size:.86rem;color:var(--soft)}
.table{position:relative;margin:2.2rem 0 1rem;border:1px solid var(--line);border-radius:8px;background:var(--card);width:fit-content;min-width:12rem;max-width:100%}
pre{margin:0;padding:.7rem .9rem;overflow-x:auto;font-size:.9rem;line-height:1.45}pre code{background:none;padding:0}code.flag{white-space:nowrap}
.scroll,.formulas{overflow-x:auto;background:linear-gradient(90deg,var(--under) 40%,transparent),linear-gradient(270deg,var(--under) 40%,transparent) 100% 0,
linear-gradient(90deg,var(--shade),transparent) 2px 0,linear-gradient(270deg,var(--shade),transparent) calc(100% - 2px) 0;border-radius:inherit;background-repeat:no-repeat;
background-size:2.4rem 100%,2.4rem 100%,1rem 100%,1rem 100%;background-attachment:local,local,scroll,scroll}.table>button{position:absolute;bottom:100%;right:.6rem;white-space:nowrap;border-bottom:0;border-radius:6px 6px 0 0}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:.7rem .8rem .5rem;font-weight:600}
th,td{padding:.32rem .8rem;text-align:left;border-top:1px solid var(--line);vertical-align:top}
table:not(:has(caption)) tr:first-child>*{border-top:0}table:not(:has(caption)) thead~tbody tr:first-child>*{border-top:1px solid var(--line)}
thead th{color:var(--soft);font-weight:600;white-space:nowrap}th.n{text-align:right}td.n{text-align:right;white-space:nowrap;font-family:ui-monospace,Consolas,Menlo,monospace;font-size:.86rem}
td code{white-space:nowrap}td:first-child strong{display:inline-block;min-width:4em}.wide td:first-child{min-width:5.5em}.wide table{font-size:.78rem}.wide td.n,.wide td code{font-size:.74rem}.wide th,.wide td{padding:.28rem .4rem}.wide thead th{white-space:normal}
caption>span{position:sticky;left:.8rem;display:inline-block;max-width:calc(100vw - 4.5rem)}td>b{display:none}
.struck{color:var(--soft)}.scroll{--under:var(--card)}.formulas{--under:var(--paper);margin:.8rem 0 1rem}.strip>div{overflow-x:auto}.formulas p{max-width:none;margin:.45rem 0 .45rem 1rem;font-size:1.08rem}.formulas math{display:inline math}
math{font-family:"Latin Modern Math","STIX Two Math","Cambria Math","DejaVu Math TeX Gyre",math}
.yes,.no{white-space:nowrap}.yes{color:var(--good);font-weight:600}.no{color:var(--bad);font-weight:650}
.note{border-left:4px solid var(--accent);background:var(--note);border-radius:0 8px 8px 0;padding:.6rem 1rem;margin:1rem 0;max-width:48rem}
.note p{margin:.2rem 0}.note.good{border-color:var(--good)}.note.bad{border-color:var(--bad)}
main details{margin:.8rem 0}main summary{cursor:pointer;color:var(--accent);width:fit-content}
button{font:inherit;font-size:.8rem;color:var(--soft);background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.15rem .6rem;cursor:pointer}
button:hover{color:var(--accent)}#theme{float:right;margin:.6rem 0 0 1rem}
.switch{float:right;clear:right;margin:.4rem 0 0 1rem;font-size:.8rem;color:var(--soft)}body:not(:has(#checks:checked)) .check{display:none}
.space div{border-bottom:1px solid var(--line-strong);height:2.1em;max-width:46rem;opacity:.5}
@media(max-width:60rem){.layout{display:block;padding:0 1rem}nav{position:static;max-height:none;padding:1rem 0 0}main{padding-top:1rem}}
@media screen and (max-width:34rem){.strip svg{width:44rem;max-width:none!important;padding-right:2rem}.strip>div{mask-image:linear-gradient(90deg,#000 calc(100% - 2rem),transparent)}.formulas p{margin-left:0;font-size:1rem}
th,td,.wide th,.wide td{padding:.28rem .45rem}.scroll td:first-child,.scroll th:first-child{position:sticky;left:0;background:var(--card)}
.cards{width:100%}.cards thead{display:none}.cards table,.cards caption,.cards tbody,.cards tr{display:block}.cards tr{border-top:1px solid var(--line);padding:.3rem .45rem}
.cards td,.cards td.n,.wide.cards td{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1rem;border:0!important;padding:.1rem 0;text-align:left;font-size:.86rem}
.cards td>span{flex:1 0 auto;max-width:100%}.cards td:has(>span:empty){display:none}.cards td:first-child{position:static;display:block;text-align:left;font-weight:600}.cards td>b{display:inline;color:var(--soft);font-weight:400;font-family:system-ui,sans-serif;text-align:left}}
@page{size:A4}@media print{:root{--paper:#fff;--card:#fff;--figure:#fff;--ink:#000;--soft:#444;--line:#ccc;--line-strong:#333}
body{font-size:10pt;line-height:1.4}.layout{display:block;padding:0}main{padding:0}nav,button,.switch{display:none}
figure,.note,tr,.table,.formulas,.space div{break-inside:avoid}section>p{break-after:avoid}h2,h3{break-after:avoid}h2{margin-top:1.5rem}p,ul.items,.note{max-width:none}
.figures,.figures.many{grid-template-columns:minmax(0,12cm)}.figures.many{grid-template-columns:repeat(2,minmax(0,1fr))}.formulas{overflow:visible}
.table{border-radius:0;margin:.8rem 0}.scroll{overflow:visible;background:none}table{font-size:8pt}td.n{font-size:7.5pt}
th,td,.wide th,.wide td{padding:.15rem .35rem;white-space:normal;overflow-wrap:break-word}.wide td{overflow-wrap:anywhere}.wide table,.wide td.n,.wide code{font-size:6pt}}
"#;

/// Copying a text, or a table as tab-separated text, the choice of theme, and where in the contents one is. Everything else
/// works without. Print shows of what is folded away only what the reader unfolded.
pub(super) const SCRIPT: &str = r#"
document.querySelectorAll('[data-copy]').forEach(b=>{b.hidden=false;b.onclick=()=>{
const box=b.closest('.table'),pre=box.querySelector('pre'),text=c=>[...c.childNodes].filter(n=>n.nodeName!=='B').map(n=>n.textContent).join(''),
rows=pre?pre.textContent:[...box.querySelectorAll('tr')].map(r=>[...r.cells].map(c=>c.dataset.v||text(c)).join('\t')).join('\n');
const done=()=>{const t=b.textContent;b.textContent=b.dataset.done;setTimeout(()=>b.textContent=t,1200)};
const old=()=>{const a=document.createElement('textarea');a.value=rows;document.body.append(a);a.select();document.execCommand('copy');a.remove();done()};
navigator.clipboard?navigator.clipboard.writeText(rows).then(done,old):old()}});
const t=document.getElementById('theme');if(t){t.hidden=false;t.onclick=()=>{const r=document.documentElement,
dark=r.dataset.theme?r.dataset.theme==='dark':matchMedia('(prefers-color-scheme:dark)').matches;r.dataset.theme=dark?'light':'dark'}}
const n=document.querySelector('nav details');if(n&&matchMedia('(max-width:60rem)').matches)n.open=false;
const links=new Map([...document.querySelectorAll('nav a')].map(a=>[a.hash.slice(1),a]));
const see=new IntersectionObserver(all=>all.forEach(e=>links.get(e.target.id)?.classList.toggle('here',e.isIntersecting)),
{rootMargin:'0px 0px -75% 0px'});document.querySelectorAll('main section').forEach(s=>see.observe(s));
"#;

/// What a deck has besides: a slide a screen, letters as large as the screen allows.
pub(super) const SLIDES_CSS: &str = r#"
html{scroll-snap-type:y mandatory;scroll-behavior:auto}body{font-size:clamp(16px,1.75vw,34px)}
.slide{min-height:100vh;scroll-snap-align:start;padding:4vh 6vw;display:flex;flex-direction:column;justify-content:center;position:relative;border-bottom:1px solid var(--line)}
.slide h2{font-size:1.7em;border:0;margin:0 0 .8em;padding:0}.slide h2 small{display:block;font-size:.5em;font-weight:400;color:var(--soft)}
.slide p,.slide ul.items,.slide .note{max-width:none}.slide table{font-size:.88em}.slide td.n{font-size:.95em}.slide .formulas p{font-size:1.2em}.slide .table{margin:.6em 0}.slide .table>button{display:none}
.slide .wide table{font-size:.74em}.slide .wide td.n,.slide td code,.slide .wide td code{font-size:.92em}.slide .number{position:absolute;right:1.5vw;bottom:1.5vh;color:var(--soft);font-size:.6em}
.slide.title{text-align:center}.slide.title h2{font-size:2.6em}.slide figure svg{max-height:54vh}.slide .figures{grid-template-columns:minmax(0,60vw);justify-content:center}
.slide .figures.many{grid-template-columns:repeat(auto-fit,minmax(26vw,1fr))}.slide figcaption{font-size:.62em}
@media print{body{font-size:17pt}.slide{min-height:0;height:96vh;padding:1vh 2vw;break-after:page;border:0}.slide table,.slide td.n{font-size:12pt}@page{size:landscape}}
"#;

/// Arrow keys, space, page keys, Home and End turn the slides, a number and Enter go to one, f fills the screen; what does not fit on a slide is set smaller.
pub(super) const SLIDES_SCRIPT: &str = r#"
const all=[...document.querySelectorAll('.slide')];
const now=()=>all.reduce((best,s,i)=>Math.abs(s.getBoundingClientRect().top)<Math.abs(all[best].getBoundingClientRect().top)?i:best,0);
let typed='';const go=i=>all[Math.max(0,Math.min(all.length-1,i))].scrollIntoView();
addEventListener('keydown',e=>{if(e.ctrlKey||e.metaKey||e.altKey)return;const step={ArrowRight:1,ArrowDown:1,PageDown:1,' ':e.shiftKey?-1:1,ArrowLeft:-1,ArrowUp:-1,PageUp:-1}[e.key];
if(/^[0-9]$/.test(e.key))typed+=e.key;else if(e.key==='Enter'&&typed){go(typed-1);typed=''}else if(step){e.preventDefault();typed='';go(now()+step)}else if(e.key==='Home'){e.preventDefault();go(0)}else if(e.key==='End'){e.preventDefault();go(all.length-1)}
else if(e.key==='f'&&document.documentElement.requestFullscreen)document.fullscreenElement?document.exitFullscreen():document.documentElement.requestFullscreen()});
const fit=()=>all.forEach(s=>{s.style.fontSize='';for(let k=95;s.scrollHeight>innerHeight+2&&k>=40;k-=5)s.style.fontSize=k+'%'});
fit();addEventListener('resize',fit);
"#;

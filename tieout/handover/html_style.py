"""The look of the report: one style sheet inside the page, for screens and for A4 paper. No colour says anything that words do not say."""

from typing import Final

STYLE: Final = """
:root{--ink:#1c2530;--soft:#5a6775;--line:#d5dbe2;--paper:#fff;--shade:#f4f6f9;--bad:#b3191f;--ask:#9a5b00;--good:#1d6b3a;--done:#5b6770}
*{box-sizing:border-box}
body{margin:0;background:var(--shade);color:var(--ink);font:15px/1.6 "Noto Sans CJK SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",
"WenQuanYi Micro Hei",system-ui,sans-serif;-webkit-print-color-adjust:exact;print-color-adjust:exact}
main{max-width:980px;margin:0 auto;padding:28px 20px 60px;background:var(--paper)}
h1{font-size:25px;line-height:1.3;margin:0 0 4px}
h2{font-size:19px;margin:38px 0 12px;padding-bottom:5px;border-bottom:2px solid var(--ink)}
h3{font-size:16px;margin:0;line-height:1.4}
h4{font-size:14px;margin:18px 0 5px}
p{margin:7px 0}
a{color:#1b4f8f}
.sub,.small{color:var(--soft);font-size:13px}
.verdict{display:inline-block;margin:12px 0 4px;padding:6px 14px;border-radius:4px;font-weight:700;border:2px solid}
.inconsistent{color:var(--bad);background:#fdf0f0}.unverifiable{color:var(--ask);background:#fff7e8}
.consistent,.consistent_within_rounding{color:var(--good);background:#eef8f1}
.numbers{display:flex;flex-wrap:wrap;gap:10px;list-style:none;padding:0;margin:14px 0}
.numbers li{flex:1 1 120px;border:1px solid var(--line);border-radius:6px;padding:8px 12px;background:var(--shade)}
.numbers b{display:block;font-size:24px;line-height:1.25}
table{border-collapse:collapse;width:100%;font-size:13.5px;margin:8px 0}
caption{text-align:left;font-weight:600;padding:3px 0;color:var(--soft)}
th,td{border:1px solid var(--line);padding:4px 8px;text-align:left;vertical-align:top;overflow-wrap:anywhere}
thead th{background:var(--shade);font-weight:600}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
article{border:1px solid var(--line);border-left:5px solid var(--soft);border-radius:5px;padding:14px 18px 12px;margin:16px 0}
article.correction{border-left-color:var(--bad)}article.question{border-left-color:var(--ask)}article.accepted{border-left-color:var(--done);background:#fafbfc}
.head{display:flex;align-items:baseline;gap:10px;flex-wrap:wrap}
.no{flex:none;display:inline-block;min-width:25px;height:25px;line-height:25px;border-radius:13px;padding:0 6px;background:var(--done);color:#fff;text-align:center;font-size:13.5px;font-weight:700}
.correction>.head .no{background:var(--bad)}.question>.head .no{background:var(--ask)}.accepted>.head .no{background:var(--done)}
.tag{font-weight:700}.correction .tag{color:var(--bad)}.question .tag{color:var(--ask)}.accepted .tag{color:var(--done)}
.id{color:var(--soft);font-size:12.5px;font-family:ui-monospace,Consolas,monospace;margin-left:auto}
.change{display:flex;flex-wrap:wrap;align-items:baseline;gap:6px 26px;margin:10px 0;padding:8px 12px;background:var(--shade);border-radius:5px}
.change dt{display:inline;color:var(--soft);font-size:13px}.change dd{display:inline;margin:0 0 0 6px;font-weight:700;font-size:16px;font-variant-numeric:tabular-nums}
.change .old{color:var(--bad)}.change .new{color:var(--good)}
figure{margin:10px 0}
figure img{display:block;max-width:100%;height:auto;border:1px solid var(--line)}
figcaption{color:var(--soft);font-size:12.5px;margin-top:2px}
ul.plain{margin:6px 0;padding-left:22px}
.sum td{border:0;border-bottom:1px solid #edf0f3;padding:2px 8px}
.sum td:first-child,.sum td:nth-child(3){white-space:nowrap;width:1%}.sum td:first-child{color:var(--soft)}
.sum .hit td{background:#fdf3f3;font-weight:600}
.glance td:nth-child(2),.glance td:last-child,.glance th{white-space:nowrap}
.sum .bold td{font-weight:700}.sum .bad td{color:var(--bad);font-weight:700;border-top:1px solid var(--ink)}
.sum td.n{width:1%}
.status{font-weight:600}.failed{color:var(--bad)}
.remark{border:1px dashed var(--done);border-radius:5px;padding:6px 12px;color:var(--done)}
footer{margin-top:40px;padding-top:10px;border-top:1px solid var(--line);color:var(--soft);font-size:12px;overflow-wrap:anywhere}
@media print{
@page{size:A4;margin:15mm 14mm 16mm}
body{background:#fff;font-size:10pt;line-height:1.45}main{max-width:none;padding:0}
h1{font-size:17pt}h2{font-size:13pt;break-after:avoid}h3{font-size:11pt}h3,h4,.head,caption{break-after:avoid}
table{font-size:9pt}tr,figure,.change,.numbers li{break-inside:avoid}thead{display:table-header-group}
article{padding:8px 12px;margin:10px 0}article.short{break-inside:avoid}a{color:inherit;text-decoration:none}
}
"""

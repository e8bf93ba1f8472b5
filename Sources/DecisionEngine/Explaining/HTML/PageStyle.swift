/// The one style sheet of pages and letters. Contrasts are 7:1 or more on white; nothing is told by
/// colour alone; it prints in black on A4 and Letter.
enum PageStyle {
  /// The sheet.
  static let sheet = HTML.style(text)

  /// Its text.
  static let text: StaticString =
    """
    :root{color-scheme:light}
    *{box-sizing:border-box}
    body{margin:0;background:#fff;color:#1a1a1a;font:1rem/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
    main{max-width:62rem;margin:0 auto;padding:1.25rem 1.5rem 3rem}
    .letter main{max-width:44rem}
    h1{font-size:1.6rem;line-height:1.2;margin:.2rem 0 .6rem}
    h2{font-size:1.2rem;margin:1.6rem 0 .4rem;line-height:1.3}
    h3{font-size:1.05rem;margin:1rem 0 .3rem}
    .letter h2{margin-top:1.1rem}
    p,ul,ol,dl{margin:.4rem 0}
    ol,ul{padding-left:1.5rem}
    li{margin:.2rem 0}
    a{color:#0b3d91}
    code{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:.9em;overflow-wrap:anywhere}
    td,th,li,p,div{overflow-wrap:break-word}
    .quiet{color:#4a4a4a}
    .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(24rem,1fr));gap:.9rem;margin:.8rem 0}
    .cards section{border:1px solid #767676;border-radius:.3rem;padding:.7rem .9rem}
    .cards h2{margin:0 0 .3rem;font-size:1rem}
    .outcome{font-size:1.25rem;font-weight:700}
    .path{padding-left:1.6rem}
    .path>li{margin:.7rem 0;padding-left:.3rem}
    .path>li::marker{font-weight:700}
    .taken{border-left:.25rem solid #1a1a1a;padding-left:.6rem;font-weight:600}
    .other{border-left:.25rem dotted #767676;padding-left:.6rem;color:#3a3a3a}
    table{border-collapse:collapse;width:100%;margin:.4rem 0}
    th,td{border:1px solid #767676;padding:.3rem .5rem;text-align:left;vertical-align:top}
    th{background:#f0f0f0}
    td ul{margin:0;padding-left:1.1rem}
    .facts{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}
    .facts dt{font-weight:700}
    .facts dd{margin:0}
    .outline p{margin:0}
    figure{margin:.6rem 0}
    figure svg{display:block;max-width:100%;height:auto}
    .remark{border:2px solid #1a1a1a;padding:.5rem .8rem;margin:.6rem 0}
    @media print{body{font-size:10.5pt}main{max-width:none;padding:0}a{color:inherit}
    h1,h2,h3{break-after:avoid}tr,.path>li,.cards section,.remark,figure{break-inside:avoid}}
    @page{margin:18mm 18mm 20mm}
    """
}

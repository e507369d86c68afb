"""How the page of a compiled step looks."""

_COLORS = {
    "contraction": "#3f74b8",
    "fold": "#c9822b",
    "pointwise": "#46936a",
    "irregular": "#9460a3",
    "numpy": "#b5504d",
}

_COLOR_RULES = "".join(
    f".chainrule-stages .{kind} {{ fill: {color}; --kind: {color}; }}\n" for kind, color in _COLORS.items()
)

STYLE = f"""
.chainrule-stages {{ font: 15px/1.55 system-ui, "Noto Sans SC", "Noto Sans CJK SC", sans-serif; }}
.chainrule-stages h2 {{ font: 600 1.5em ui-monospace, monospace; margin: 0; }}
.chainrule-stages h3 {{ font-size: 1.05em; margin: 1.8em 0 .6em; border-bottom: 1px solid #8885; }}
.chainrule-stages p {{ margin: .4em 0; max-width: 62em; }}
.chainrule-stages svg {{ display: block; width: 100%; height: auto; font: 11.5px system-ui, sans-serif; }}
.chainrule-stages svg text {{ fill: currentColor; fill-opacity: .75; }}
.chainrule-stages svg text.on {{ fill: #fff; fill-opacity: 1; pointer-events: none; }}
{_COLOR_RULES}
.chainrule-stages .bar, .chainrule-stages .buffer {{ stroke: Canvas; stroke-width: .6; }}
.chainrule-stages .buffer {{ fill-opacity: .82; }}
.chainrule-stages .dot {{ fill-opacity: .8; stroke: Canvas; }}
.chainrule-stages .bar:hover, .chainrule-stages .buffer:hover, .chainrule-stages .dot:hover {{
  fill-opacity: .55; }}
.chainrule-stages .grid {{ stroke: #8883; }}
.chainrule-stages .axis {{ stroke: #888; }}
.chainrule-stages .roof {{ fill: none; stroke: currentColor; stroke-width: 2; }}
.chainrule-stages .near {{ stroke-dasharray: 6 4; stroke-width: 1.3; stroke-opacity: .7; }}
.chainrule-stages .legend {{ font-size: .9em; display: flex; gap: .5em 1.4em; flex-wrap: wrap;
  align-items: center; }}
.chainrule-stages .key {{ display: inline-block; width: .75em; height: .75em; border-radius: 2px;
  background: var(--kind); margin-right: .5em; }}
.chainrule-stages .legend .key {{ margin-right: -1em; }}
.chainrule-stages .row {{ display: grid; gap: 0 1em; padding: .22em .4em; align-items: baseline;
  grid-template-columns: 3.2em minmax(10em, 1fr) 11em repeat(6, 5.6em);
  font-variant-numeric: tabular-nums; }}
.chainrule-stages .row > span {{ overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
  text-align: right;
  position: relative; }}
.chainrule-stages .row > span:nth-child(-n+3) {{ text-align: left; }}
.chainrule-stages .names {{ font-size: .85em; opacity: .7; border-bottom: 1px solid #8885; position:
  sticky; top: 0;
  background: Canvas; z-index: 1; grid-template-columns: 3.76em minmax(11.8em, 1fr) 12.9em repeat(6,
  6.59em);
  gap: 0 1.18em; }}
.chainrule-stages summary {{ cursor: pointer; }}
.chainrule-stages .kernel > summary {{ list-style: none; border-bottom: 1px solid #8882; }}
.chainrule-stages .kernel > summary:hover, .chainrule-stages .kernel[open] > summary {{ background:
  #8881; }}
.chainrule-stages .share {{ position: absolute; left: 0; top: .25em; bottom: .25em; background: var(--kind);
  opacity: .35; border-radius: 2px; }}
.chainrule-stages .inside {{ padding: .6em 1em 1em 1.6em; border-left: 3px solid #8884; margin: 0 0
  .6em .4em; }}
.chainrule-stages .formula {{ font: .95em ui-monospace, monospace; overflow-x: auto; white-space: nowrap;
  line-height: 1.8; }}
.chainrule-stages .line {{ display: block; color: light-dark(#2a6fb0, #7db4ea); white-space: pre-wrap; }}
.chainrule-stages .scope {{ opacity: .65; margin-right: 1.2em; }}
.chainrule-stages code, .chainrule-stages pre {{ font: .85em/1.45 ui-monospace, monospace; }}
.chainrule-stages pre {{ overflow: auto; max-height: 34em; background: #8881; padding: .8em 1em;
  margin: .4em 0;
  border-radius: 4px; }}
@media (max-width: 62em) {{
  .chainrule-stages .row {{ grid-template-columns: 3.2em 1fr repeat(2, 5em); }}
  .chainrule-stages .row > span:nth-child(n+3):nth-child(-n+6), .chainrule-stages .row >
  span:nth-child(8) {{ display: none; }}
}}
"""

package chase.daemon.text;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** One HTML page that needs nothing else, and looks like all others. */
public final class HtmlPage {
  private static final String STYLE =
      """
      :root{color-scheme:light dark;--ink:#1b1f24;--dim:#57606a;--rule:#d8dee4;--paper:#fff}
      @media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--dim:#9aa4ae;--rule:#30363d;\
      --paper:#0d1117}}
      body{font:15px/1.45 system-ui,sans-serif;max-width:80rem;margin:2rem auto;padding:0 1rem;\
      color:var(--ink);background:var(--paper)}
      h1{font-size:1.3rem}h2{font-size:1.05rem;margin-top:2rem}
      p,figcaption{max-width:60rem}figure{margin:0;max-width:60rem}figcaption{color:var(--dim);margin-top:.5rem}
      .wide{overflow-x:auto}svg{display:block;width:100%;min-width:32rem;height:auto}
      table{border-collapse:collapse;font-variant-numeric:tabular-nums}
      td,th{padding:.25rem .6rem;text-align:left;border-bottom:1px solid var(--rule)}
      .n{text-align:right}
      td{white-space:nowrap}th{vertical-align:bottom}
      td:first-child,th:first-child{padding-left:0}
      """;

  private HtmlPage() {}

  /**
   * A column of a table.
   *
   * @param name plain text
   * @param right whether cells are aligned to the right, as numbers are
   */
  public record HtmlColumn(String name, boolean right) {
    /** One of words. */
    public static HtmlColumn text(String name) {
      return new HtmlColumn(name, false);
    }

    /** One of numbers. */
    public static HtmlColumn number(String name) {
      return new HtmlColumn(name, true);
    }
  }

  /**
   * The page.
   *
   * @param title plain text
   * @param body what stands under it, in HTML
   */
  public static String of(String title, String body) {
    return """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8"><title>%1$s</title>
    <meta name="viewport" content="width=device-width,initial-scale=1">
    <style>%2$s</style></head><body>
    <h1>%1$s</h1>
    %3$s
    </body></html>\
    """
        .formatted(text(title), STYLE, body.strip());
  }

  /**
   * A picture with what it shows; on a narrow screen it is moved sideways.
   *
   * @param picture SVG
   * @param summary plain text
   */
  public static String figure(String picture, String summary) {
    return "<figure><div class=\"wide\" tabindex=\"0\">%s</div><figcaption>%s</figcaption></figure>"
        .formatted(picture, text(summary).replace(" %", "&nbsp;%"));
  }

  /** A table of plain text; on a narrow screen it is moved sideways. */
  public static String table(List<HtmlColumn> columns, List<List<String>> rows) {
    String head =
        columns.stream()
            .map(column ->
                "<th scope=\"col\"%s>%s</th>".formatted(side(column), text(column.name())))
            .collect(Collectors.joining());
    String body = rows.stream().map(row -> row(columns, row)).collect(Collectors.joining("\n"));
    return """
    <div class="wide" tabindex="0"><table><thead><tr>%s</tr></thead><tbody>
    %s
    </tbody></table></div>\
    """
        .formatted(head, body);
  }

  private static String row(List<HtmlColumn> columns, List<String> cells) {
    return IntStream.range(0, cells.size())
        .mapToObj(i -> "<td%s>%s</td>".formatted(side(columns.get(i)), text(cells.get(i))))
        .collect(Collectors.joining("", "<tr>", "</tr>"));
  }

  private static String side(HtmlColumn column) {
    return column.right() ? " class=\"n\"" : "";
  }

  /** Text that stands for itself in HTML. */
  public static String text(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}

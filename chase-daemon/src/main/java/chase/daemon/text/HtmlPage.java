package chase.daemon.text;

/** One HTML page that needs nothing else, and looks like all others. */
public final class HtmlPage {
  private static final String STYLE =
      """
      body{font:15px/1.45 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;\
      color:#1b1f24;background:#fff}
      h1{font-size:1.3rem}h2{font-size:1.05rem;margin-top:2rem}svg{width:100%;height:auto}
      table{border-collapse:collapse}td,th{padding:.25rem .7rem;text-align:right;\
      border-bottom:1px solid #d8dee4}td:first-child,th:first-child{text-align:left}
      @media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}\
      td,th{border-color:#30363d}}
      """;

  private HtmlPage() {}

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

  /** Text that stands for itself in HTML. */
  public static String text(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}

package chase.daemon.cli.view;

import chase.daemon.api.CheckBody;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Checks in words: a line each, and one below it with what to do. */
public final class DoctorText {
  private static final String REMEDY = "-> ";

  private DoctorText() {}

  /** All of {@code checks}, in their order. */
  public static String of(List<CheckBody> checks, TextLayout layout) {
    return checks.stream().map(check -> text(check, layout)).collect(Collectors.joining("\n"));
  }

  private static String text(CheckBody check, TextLayout layout) {
    // As wide as the longest result and the longest thing.
    String result = String.format(Locale.ROOT, "%-7s", check.result().word());
    String head = String.format(Locale.ROOT, "%s  %-8s  ", result, check.about());
    String line = layout.fact(head, check.text(), head.length());
    String remedy =
        check
            .remedy()
            .map(what ->
                "\n" + layout.fact(" ".repeat(head.length()) + REMEDY, what, head.length() + 3))
            .orElse("");
    return layout.paint(tone(check.result()), result) + line.substring(result.length()) + remedy;
  }

  private static Tone tone(CheckBody.CheckResult result) {
    return switch (result) {
      case OK -> Tone.GOOD;
      case NOTE -> Tone.PLAIN;
      case WARNING -> Tone.NOTE;
      case FAILED -> Tone.BAD;
    };
  }
}

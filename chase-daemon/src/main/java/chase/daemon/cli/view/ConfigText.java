package chase.daemon.cli.view;

import chase.daemon.api.StatusBody.ConfigBody;
import chase.daemon.api.StatusBody.ConfigBody.ChangeBody;
import chase.daemon.api.StatusBody.ReloadBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The daemon's configuration as text for a terminal. */
public final class ConfigText {
  private static final String RESTART = "sudo systemctl restart chased";

  private ConfigText() {}

  /** What a reload changed, a line for each key. */
  public static String reloaded(ReloadBody body, TextLayout layout) {
    List<ChangeBody> applied = body.changed().stream().filter(one -> !one.restart()).toList();
    List<ChangeBody> waiting = body.config().waiting();
    List<String> lines = new ArrayList<>();
    lines.add(
        layout.sentences(
            body.config().file().orElse("the configuration")
                + " is reloaded"
                + (applied.isEmpty() ? ": nothing changed" : "")));
    applied.forEach(one -> lines.add(line(one, layout)));
    if (!waiting.isEmpty()) {
      lines.add(layout.sentences("kept until a restart (" + RESTART + "):"));
      waiting.forEach(one -> lines.add(line(one, layout)));
    }
    return String.join("\n", lines);
  }

  private static String line(ChangeBody change, TextLayout layout) {
    String name = "  " + change.key() + "  ";
    return layout.fact(
        name, shown(change.before()) + " -> " + shown(change.after()), name.length());
  }

  private static String shown(Optional<Object> value) {
    return value.map(Object::toString).orElse("(none)");
  }

  /** What a reader of the status should know of the configuration; empty where that is nothing. */
  static Optional<String> notice(ConfigBody config, LocalTimes times) {
    List<String> parts = new ArrayList<>();
    if (config.reloads() > 0) {
      parts.add(
          String.format(
              Locale.ROOT,
              "read at %s, the %s reload",
              times.time(config.loadedAt()),
              ordinal(config.reloads())));
    }
    config
        .refused()
        .ifPresent(refused ->
            parts.add(
                "the reload at %s was refused: %s"
                    .formatted(times.time(refused.at()), String.join("; ", refused.reasons()))));
    if (!config.waiting().isEmpty()) {
      parts.add(
          config.waiting().stream()
              .map(ChangeBody::key)
              .collect(Collectors.joining(", ", "", " kept until a restart")));
    }
    return parts.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", parts));
  }

  private static String ordinal(long count) {
    boolean teen = count % 100 / 10 == 1;
    String end =
        teen
            ? "th"
            : switch ((int) (count % 10)) {
              case 1 -> "st";
              case 2 -> "nd";
              case 3 -> "rd";
              default -> "th";
            };
    return count + end;
  }
}

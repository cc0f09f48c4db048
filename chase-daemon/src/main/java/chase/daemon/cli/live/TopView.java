package chase.daemon.cli.live;

import chase.daemon.api.GpuBody;
import chase.daemon.api.NotificationBody;
import chase.daemon.api.SignalBody;
import chase.daemon.api.StatusBody;
import chase.daemon.cli.view.GpuText;
import chase.daemon.cli.view.JobText;
import chase.daemon.cli.view.StatusText;
import chase.daemon.cli.view.TextLayout;
import chase.daemon.cli.view.TextLines;
import chase.daemon.text.Numbers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The screen of {@code chase top} as lines; never more or longer than the terminal has room for.
 */
public final class TopView {
  private static final String KEYS = "q quit  p sort  up/down choose  e explain";

  /** Lines of a terminal on which an explanation leaves no room for the whole head. */
  private static final int SMALL = 20;

  private static final int LEAST_BAR = 8;
  private static final int MOST_BAR = 40;

  /** Before the bar: marker, index, draw, limit and original limit. */
  private static final int FIGURES = 24;

  /** Room for the reason and the job beside the bar. */
  private static final int WORDS = 28;

  /** Beside a time such as {@code 14:05:12 CEST}. */
  private static final int EVENT_TEXT = 15;

  private final TopState state;
  private final TopChoice choice;
  private final TextLayout layout;
  private final int height;

  private TopView(TopState state, TopChoice choice, TextLayout layout, int height) {
    this.state = state;
    this.choice = choice;
    this.layout = layout;
    this.height = height;
  }

  /** At most {@code height} lines, of at most the layout's width. */
  public static List<String> of(TopState state, TopChoice choice, TextLayout layout, int height) {
    return new TopView(state, choice, layout, height).lines();
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    state.trouble().ifPresent(why -> lines.addAll(split(layout.sentences(why + "; trying again"))));
    if (state.known().isEmpty()) {
      if (state.trouble().isEmpty()) {
        lines.add("waiting for the daemon");
      }
      return fitted(lines);
    }
    TopState.Answer answer = state.known().get();
    // What was asked for goes before what is always there.
    List<String> head = head(answer);
    lines.addAll(choice.explaining() && height < SMALL ? head.subList(0, 1) : head);
    lines.add("");
    int room = height - lines.size() - 1;
    // An explanation is a few lines, and what was asked for.
    lines.addAll(gpus(answer.status(), choice.explaining() ? room / 2 : room));
    lines.add("");
    if (choice.explaining()) {
      // One that is about another GPU was asked for before the choice was moved.
      String text =
          state
              .explanation()
              .filter(known -> choice.gpu().equals(Optional.of(known.gpu())))
              .map(TopState.ExplainedGpu::text)
              .orElse("asking the daemon");
      lines.addAll(split(layout.sentences(text)));
    } else {
      lines.addAll(split(JobText.table(answer.jobs(), layout)));
      lines.addAll(events(height - lines.size() - 2));
    }
    return fitted(lines);
  }

  /** The keys are always seen, in the last line. */
  private List<String> fitted(List<String> lines) {
    List<String> shown = new ArrayList<>(lines.subList(0, Math.min(lines.size(), height - 1)));
    while (shown.size() < height - 1) {
      shown.add("");
    }
    String sorted = "  (by " + choice.order().word() + ")";
    shown.add(TextLines.cut(KEYS + sorted, layout.width(), layout.ellipsis()));
    return shown;
  }

  private List<String> head(TopState.Answer answer) {
    StatusBody status = answer.status();
    List<String> head = new ArrayList<>();
    String at = layout.times().second(layout.times().now());
    // The clock stands right where there is room, further left where a colour is in the line.
    List<String> first = split(StatusText.head(status, layout));
    String line = first.getFirst();
    int gap = layout.width() - TextLines.width(line) - at.length();
    head.add(gap > 1 ? line + " ".repeat(gap) + at : line);
    head.addAll(first.subList(1, first.size()));
    String grid = StatusText.grid(status.signal(), layout.times());
    head.addAll(split(layout.sentences(grid + age(status.signal()))));
    cleanest(answer.signal()).ifPresent(text -> head.addAll(split(layout.sentences(text))));
    return head;
  }

  private String age(SignalBody signal) {
    return signal
        .current()
        .map(current -> ", of " + layout.times().ago(current.publishedAt()))
        .orElse("");
  }

  /** Where the outlook is lowest. */
  private Optional<String> cleanest(SignalBody signal) {
    return signal
        .outlook()
        .flatMap(outlook ->
            outlook.ahead().stream()
                .filter(period -> period.to().isAfter(layout.times().now()))
                .min(Comparator.comparingDouble(period -> period.gramsPerKwh())))
        .map(period ->
            String.format(
                Locale.ROOT,
                "lowest ahead: %.0f gCO2/kWh (%s) at %s",
                period.gramsPerKwh(),
                period.origin().replace('-', ' '),
                layout.time(period.from())));
  }

  private List<String> gpus(StatusBody status, int room) {
    if (status.gpus().isEmpty()) {
      return split(GpuText.gpus(status.gpus(), layout));
    }
    List<GpuBody> sorted = choice.sorted(status.gpus());
    int chosen = choice.position(sorted);
    int shown = Math.clamp(room - 1L, 1, sorted.size());
    int from = Math.clamp(chosen - shown / 2L, 0, sorted.size() - shown);
    List<String> lines = new ArrayList<>();
    int bar = bar();
    String title = bar == 0 ? "" : padded("DRAW, LIMIT | OF ORIGINAL", bar) + "  ";
    boolean simulated = sorted.stream().anyMatch(gpu -> gpu.device().simulated());
    // Not behind the bar, where it would be cut on a narrow terminal.
    String first = simulated ? "SIMULATED W" : " GPU  DRAW W";
    lines.add(
        TextLines.cut(
            padded(first, 12) + " LIMIT  ORIG  " + title + "REASON",
            layout.width(),
            layout.ellipsis()));
    for (int at = from; at < from + shown; at++) {
      lines.add(row(sorted.get(at), at == chosen, bar));
    }
    return lines;
  }

  /** How long the bar is; 0 where there is no room for one. */
  private int bar() {
    int room = layout.width() - FIGURES - 2 - WORDS;
    return room < LEAST_BAR ? 0 : Math.min(MOST_BAR, room);
  }

  private String row(GpuBody gpu, boolean chosen, int bar) {
    String figures =
        String.format(
            Locale.ROOT,
            "%s%3d %7s %5s %5s",
            chosen ? ">" : " ",
            gpu.device().index(),
            figure(gpu.reading().flatMap(GpuBody.ReadingBody::powerWatts)),
            figure(gpu.powerLimit().requestedWatts()),
            figure(gpu.powerLimit().originalWatts()));
    if (layout.width() <= FIGURES + 2) {
      return TextLines.cut(figures, layout.width(), layout.ellipsis());
    }
    String start = padded(figures, FIGURES) + "  ";
    if (bar > 0) {
      start += bar(gpu, bar) + "  ";
    }
    String reason =
        TextLines.cut(
            TextLines.clean(GpuText.reason(gpu, layout) + job(gpu)),
            Math.max(1, layout.width() - TextLines.width(start)),
            layout.ellipsis());
    return start + layout.paint(GpuText.tone(gpu), reason);
  }

  private static String job(GpuBody gpu) {
    return gpu.work().jobName().or(gpu.work()::job).map(job -> " (" + job + ")").orElse("");
  }

  private static String figure(Optional<Double> watts) {
    return watts.isPresent() ? Numbers.oneDecimal(watts.get()) : "-";
  }

  /** What is drawn of the original limit, with a mark where the limit is. */
  private String bar(GpuBody gpu, int length) {
    double whole = gpu.powerLimit().originalWatts().orElse(0.0);
    if (whole <= 0) {
      return " ".repeat(length);
    }
    double draw = gpu.reading().flatMap(GpuBody.ReadingBody::powerWatts).orElse(0.0);
    int filled = Math.clamp(Math.round(length * draw / whole), 0, length);
    int mark =
        gpu.powerLimit()
            .requestedWatts()
            .map(limit -> Math.clamp(Math.round(length * limit / whole) - 1, 0, length - 1))
            .orElse(-1);
    StringBuilder bar = new StringBuilder();
    for (int at = 0; at < length; at++) {
      bar.append(at == mark ? "|" : at < filled ? full() : empty());
    }
    return bar.toString();
  }

  private String full() {
    return layout.unicode() ? "█" : "#";
  }

  private String empty() {
    return layout.unicode() ? "·" : ".";
  }

  private List<String> events(int room) {
    List<NotificationBody> latest = state.events();
    List<String> lines = new ArrayList<>();
    for (NotificationBody event : latest.reversed()) {
      List<String> text =
          split(layout.fact(layout.times().second(event.at()) + "  ", event.text(), EVENT_TEXT));
      if (lines.size() + text.size() > room) {
        break;
      }
      lines.addAll(0, text);
    }
    if (!lines.isEmpty()) {
      lines.addFirst("");
    }
    return lines;
  }

  private static String padded(String text, int length) {
    return text.length() >= length
        ? text.substring(0, length)
        : text + " ".repeat(length - text.length());
  }

  private static List<String> split(String text) {
    return text.lines().toList();
  }
}

package chase.daemon.cli.live;

import chase.daemon.cli.view.ColumnChoice;
import chase.daemon.cli.view.Terminal;
import chase.daemon.cli.view.TextLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;

/** The terminal while {@code chase top} has it: all of it, key by key, and as it was afterwards. */
public final class TopScreen implements AutoCloseable {
  private static final int ESCAPE = 27;

  /** How long a key, or the rest of an arrow key, is waited for. */
  private static final long KEY_MILLISECONDS = 200;

  /** No letter. */
  private static final int UP = 0x20_0000;

  private static final int DOWN = 0x20_0001;

  /** The input is over: nobody can end it any more. */
  private static final int END = NonBlockingReader.EOF;

  private final org.jline.terminal.Terminal device;
  private final Display display;
  private final Attributes before;
  private final Thread onExit = new Thread(this::leave, "top-screen");
  private volatile boolean ended;

  private TopScreen(org.jline.terminal.Terminal device) {
    this.device = device;
    this.before = device.enterRawMode();
    this.display = new Display(device, true);
    device.handle(org.jline.terminal.Terminal.Signal.INT, signal -> ended = true);
    device.handle(
        org.jline.terminal.Terminal.Signal.TSTP, org.jline.terminal.Terminal.SignalHandler.SIG_IGN);
    device.puts(Capability.enter_ca_mode);
    device.puts(Capability.cursor_invisible);
    device.flush();
    // Also a terminal whose process was terminated is given back as it was.
    Runtime.getRuntime().addShutdownHook(onExit);
  }

  /**
   * Takes the process's own terminal.
   *
   * @throws IOException when it has none, or none to read keys from
   */
  public static TopScreen open() throws IOException {
    try {
      return on(
          TerminalBuilder.builder()
              .system(true)
              .dumb(false)
              .encoding(StandardCharsets.UTF_8)
              .build());
    } catch (IllegalStateException e) {
      throw new IOException(e);
    }
  }

  /** Takes {@code device}. */
  static TopScreen on(org.jline.terminal.Terminal device) {
    return new TopScreen(device);
  }

  /**
   * Draws what {@code state} knows until the user ends it.
   *
   * @param state given what the user chose, the newest there is, at once
   */
  public void run(Terminal terminal, Function<TopChoice, TopState> state) throws IOException {
    TopChoice choice = TopChoice.FIRST;
    while (!ended) {
      TopState now = state.apply(choice);
      draw(terminal, now, choice);
      choice = after(key(device.reader()), choice, now);
    }
  }

  private void draw(Terminal terminal, TopState state, TopChoice choice) {
    Size size = device.getSize();
    boolean known = size.getColumns() > 0 && size.getRows() > 1;
    Terminal now =
        known
            ? terminal.sized(size.getColumns(), size.getRows())
            : terminal.sized(terminal.width(), terminal.height());
    display.resize(Size.of(now.width(), now.height()));
    List<AttributedString> lines =
        TopView.of(state, choice, TextLayout.of(now, ColumnChoice.usual(), true), now.height())
            .stream()
            .map(AttributedString::fromAnsi)
            .toList();
    display.update(lines, -1);
  }

  private TopChoice after(int key, TopChoice choice, TopState state) {
    return switch (key) {
      case 'q', 'Q', END -> {
        ended = true;
        yield choice;
      }
      case 'p', 'P' -> choice.sortedByNext();
      case 'e', 'E', '\r', '\n' -> choice.explained(!choice.explaining(), state.gpus());
      case ESCAPE -> choice.explained(false, state.gpus());
      case 'k', UP -> choice.moved(-1, state.gpus());
      case 'j', DOWN -> choice.moved(1, state.gpus());
      default -> choice;
    };
  }

  /** A key; an arrow is three letters. */
  private static int key(NonBlockingReader keys) throws IOException {
    int key = keys.read(KEY_MILLISECONDS);
    if (key != ESCAPE) {
      return key;
    }
    int next = keys.read(KEY_MILLISECONDS);
    if (next != '[' && next != 'O') {
      return ESCAPE;
    }
    return switch (keys.read(KEY_MILLISECONDS)) {
      case 'A' -> UP;
      case 'B' -> DOWN;
      default -> NonBlockingReader.READ_EXPIRED;
    };
  }

  @Override
  public void close() throws IOException {
    Runtime.getRuntime().removeShutdownHook(onExit);
    leave();
    device.close();
  }

  private void leave() {
    device.puts(Capability.cursor_normal);
    device.puts(Capability.exit_ca_mode);
    device.flush();
    device.setAttributes(before);
  }
}

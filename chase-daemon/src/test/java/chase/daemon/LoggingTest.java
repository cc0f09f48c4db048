package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.text.LogLevel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoggingTest {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Handler listener = listener(lines);

  @AfterEach
  void readTheUsualSettings() throws Exception {
    LogManager.getLogManager().readConfiguration();
  }

  /** As Vert.x does for a request that waits behind another one of its connection. */
  private static final class Fails extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      throw new IllegalStateException("nobody is there");
    }
  }

  @Test
  void aClientThatBreaksOffLeavesNothingInTheLog() throws Exception {
    var _ = new Logging.LogSettings();
    Logger.getLogger("io.netty").addHandler(listener);
    EmbeddedChannel channel = new EmbeddedChannel(new Fails());
    channel.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
    var _ = channel.close();
    Logger.getLogger("io.netty").removeHandler(listener);
    assertThat(lines).isEmpty();
  }

  @Test
  void theJournalGetsAPriorityOnEachLineAndNoTime() {
    assertThat(Logging.line(Logging.Form.JOURNAL, entry(Level.WARNING), "the driver went away"))
        .isEqualTo("<4>the driver went away\n");
    assertThat(Logging.line(Logging.Form.JOURNAL, entry(Level.INFO), "two\nlines"))
        .isEqualTo("<6>two\n<6>lines\n");
    LogRecord broken = entry(Level.SEVERE);
    broken.setThrown(new IllegalStateException("a bug"));
    assertThat(Logging.line(Logging.Form.JOURNAL, broken, "it broke").lines())
        .hasSizeGreaterThan(3)
        .allMatch(line -> line.startsWith("<3>"))
        .startsWith("<3>it broke", "<3>java.lang.IllegalStateException: a bug");
  }

  @Test
  void elsewhereALineBeginsWithItsTimeAndLevel() {
    assertThat(Logging.line(Logging.Form.TERMINAL, entry(Level.SEVERE), "it broke"))
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d[+-]\\d\\d:\\d\\d error: it broke\n");
    assertThat(Logging.line(Logging.Form.DEMO, entry(Level.INFO), "GPU 0"))
        .matches("\\d\\d:\\d\\d:\\d\\d  GPU 0\n");
  }

  @Test
  void theLevelIsThatOfChaseAndOnlyRaisesThatOfLibraries() {
    Logger library = Logger.getLogger("io.vertx.example");
    Logger own = Logger.getLogger("chase.daemon.example");
    Logging.setLevel(LogLevel.WARNING);
    assertThat(own.isLoggable(Level.INFO)).isFalse();
    assertThat(library.isLoggable(Level.INFO)).isFalse();
    assertThat(own.isLoggable(Level.WARNING)).isTrue();
    Logging.setLevel(LogLevel.DEBUG);
    assertThat(own.isLoggable(Level.FINE)).isTrue();
    assertThat(library.isLoggable(Level.FINE)).isFalse();
    Logging.setLevel(LogLevel.ERROR);
    assertThat(own.isLoggable(Level.WARNING)).isFalse();
    Logging.setLevel(LogLevel.INFO);
    assertThat(own.isLoggable(Level.INFO)).isTrue();
  }

  private static LogRecord entry(Level level) {
    return new LogRecord(level, "");
  }

  private static Handler listener(List<String> lines) {
    return new Handler() {
      @Override
      public void publish(LogRecord line) {
        lines.add(line.getMessage());
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }
}

package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class LoggingTest {
  private static final List<String> FORMS =
      List.of("java.util.logging.manager", "java.util.logging.SimpleFormatter.format");

  /** As Vert.x does for a request that waits behind another one of its connection. */
  private static final class Fails extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      throw new IllegalStateException("nobody is there");
    }
  }

  @Test
  void aClientThatBreaksOffLeavesNothingInTheLog() {
    List<String> before = FORMS.stream().map(form -> System.getProperty(form, "")).toList();
    List<String> lines = new CopyOnWriteArrayList<>();
    Handler listener = listener(lines);
    Logger.getLogger("io.netty").addHandler(listener);
    try {
      Logging.install(Map.of(), List.of("daemon"));
      EmbeddedChannel channel = new EmbeddedChannel(new Fails());
      channel.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
      var _ = channel.close();
      assertThat(lines).isEmpty();
    } finally {
      Logger.getLogger("io.netty").removeHandler(listener);
      for (int i = 0; i < FORMS.size(); i++) {
        if (before.get(i).isEmpty()) {
          System.clearProperty(FORMS.get(i));
        } else {
          System.setProperty(FORMS.get(i), before.get(i));
        }
      }
    }
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

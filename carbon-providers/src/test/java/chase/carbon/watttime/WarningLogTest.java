package chase.carbon.watttime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WarningLogTest {
  private final Logger logger = Logger.getLogger("chase.carbon.watttime");
  private final Lines lines = new Lines();
  private final WarningLog warnings = new WarningLog("watttime X");

  @BeforeEach
  void listen() {
    logger.addHandler(lines);
    logger.setUseParentHandlers(false);
  }

  @AfterEach
  void stopListening() {
    logger.removeHandler(lines);
    logger.setUseParentHandlers(true);
  }

  @Test
  void aWarningIsLoggedOnceUntilItChanges() {
    warnings.update(List.of());
    warnings.update(List.of("A: a"));
    warnings.update(List.of("A: a"));
    warnings.update(List.of("A: a", "B: b"));
    warnings.update(List.of());
    warnings.update(List.of());
    assertThat(lines.logged)
        .containsExactly(
            "watttime X: warns of A: a",
            "watttime X: warns of A: a; B: b",
            "watttime X: warns no more");
  }

  private static final class Lines extends Handler {
    private final List<String> logged = new ArrayList<>();

    @Override
    public void publish(LogRecord line) {
      logged.add(line.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}

package chase.daemon.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotifierTest {
  @TempDir Path dir;

  @Test
  void systemdIsNotifiedOfEachStepOfTheServicesLife() {
    String name = dir.resolve("notify").toString();
    try (var systemd = new NotifyListener(name)) {
      Notifier notifier = notifier(name);
      notifier.ready("2 GPUs");
      notifier.status("412 gCO2/kWh");
      notifier.watchdog();
      notifier.stopping();
      assertThat(List.of(systemd.next(), systemd.next(), systemd.next(), systemd.next()))
          .containsExactly(
              "READY=1\nSTATUS=2 GPUs", "STATUS=412 gCO2/kWh", "WATCHDOG=1", "STOPPING=1");
    }
  }

  @Test
  void anAbstractSocketWorksAsWell() {
    String name = "@chase-test-" + ProcessHandle.current().pid();
    try (var systemd = new NotifyListener(name)) {
      notifier(name).stopping();
      assertThat(systemd.next()).isEqualTo("STOPPING=1");
    }
  }

  @Test
  void aStatusIsOneLineAndCannotSayMore() {
    String name = dir.resolve("notify").toString();
    try (var systemd = new NotifyListener(name)) {
      notifier(name).status("all well\nSTOPPING=1");
      assertThat(systemd.next()).isEqualTo("STATUS=all well");
    }
  }

  @Test
  void withoutSystemdNothingHappens() {
    Notifier notifier = Notifier.of(Map.of());
    assertThat(notifier.active()).isFalse();
    assertThatCode(() -> notifier.ready("2 GPUs")).doesNotThrowAnyException();
  }

  @Test
  void aSocketThatIsGoneStopsNothing() {
    Notifier notifier = notifier(dir.resolve("nobody").toString());
    assertThatCode(
            () -> {
              notifier.ready("2 GPUs");
              notifier.watchdog();
            })
        .doesNotThrowAnyException();
  }

  @Test
  void aNonsensicalSocketIsLeftAlone() {
    assertThat(notifier("vsock:2:1234").active()).isFalse();
    assertThat(notifier("/" + "x".repeat(200)).active()).isFalse();
  }

  private static Notifier notifier(String socket) {
    return Notifier.of(Map.of("NOTIFY_SOCKET", socket));
  }
}

package chase.daemon.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.daemon.access.GpuUse.Standing;
import chase.daemon.host.HostProcess;
import chase.daemon.host.SocketPeer;
import chase.zeus.gpu.GpuId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GpuUseTest {
  private static final GpuId GPU = new GpuId("GPU-1");
  private static final Caller ANN =
      new Caller(
          Optional.of(
              new SocketPeer(
                  "ann", Optional.of(1001L), Optional.empty(), Set.of(), Optional.empty())),
          Optional.of(Role.JOB));

  private static HostProcess process(long pid, String user) {
    return new HostProcess(pid, user, "python", Duration.ofSeconds(1), Instant.EPOCH);
  }

  private static Standing of(HostProcess... processes) {
    return new GpuUse(Map.of(GPU, List.of(processes))).standing(ANN, GPU, 3);
  }

  @Test
  void aProcessOfTheirOwnIsEnoughAlsoBesideOthers() {
    assertThat(of(process(1, "bob"), process(2, "ann"))).isEqualTo(Standing.COMPUTES);
  }

  @Test
  void aGpuOfOthersIsRefusedByName() {
    assertThatThrownBy(() -> of(process(1, "eve"), process(2, "bob")))
        .isInstanceOf(AccessDenied.class)
        .hasMessage(
            "you are ann (uid 1001) with role job; GPU 3 is used by bob, eve and not by you;"
                + " this needs operator");
  }

  @Test
  void aGpuWithoutProcessesIsIdleAndSoIsOneThatShowsOnlyOurOwn() {
    assertThat(of()).isEqualTo(Standing.IDLE);
    assertThat(of(process(ProcessHandle.current().pid(), "chase"))).isEqualTo(Standing.IDLE);
    assertThat(GpuUse.whyNotYours(Standing.IDLE, ANN, 3).orElseThrow())
        .startsWith("GPU 3 shows no process of ann (uid 1001)");
  }
}

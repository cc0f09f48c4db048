package chase.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HttpLimitsTest {
  private static final String HEAD =
      "Limit                     Soft Limit           Hard Limit           Units";

  private static long most(String line) {
    return HttpLimits.OpenFiles.max(List.of(HEAD, line));
  }

  @Test
  void aHostThatAllowsManyFilesGivesEveryServerAllItsPlaces() {
    assertThat(HttpLimits.forOpenFiles(1024)).isEqualTo(new HttpLimits(96, 64, 75, 10, 120));
    assertThat(HttpLimits.forOpenFiles(Long.MAX_VALUE)).isEqualTo(HttpLimits.forOpenFiles(1024));
  }

  @Test
  void fewerFilesMeanFewerConnectionsAndNeverNone() {
    assertThat(HttpLimits.forOpenFiles(256).connections()).isEqualTo(42);
    assertThat(HttpLimits.forOpenFiles(64)).isEqualTo(new HttpLimits(6, 4, 75, 10, 120));
  }

  @Test
  void aListenerForManyHostsHasRoomForTwelveHundredBesidesTheOtherServers() {
    assertThat(HttpLimits.forManyHosts(Long.MAX_VALUE))
        .isEqualTo(new HttpLimits(2_496, 64, 75, 10, 120));
    assertThat(HttpLimits.forManyHosts(1024).connections()).isEqualTo(1024 - 128 - 2 * 96);
    assertThat(HttpLimits.forManyHosts(64).connections()).isEqualTo(96);
  }

  @Test
  void theLimitOfTheSystemIsTheSoftOne() {
    assertThat(most("Max open files            128                  524288               files"))
        .isEqualTo(128);
    assertThat(most("Max open files            unlimited            unlimited            files"))
        .isEqualTo(Long.MAX_VALUE);
    assertThat(most("Max locked memory         64                   64                   bytes"))
        .isEqualTo(Long.MAX_VALUE);
    assertThat(HttpLimits.OpenFiles.max()).isPositive();
  }
}

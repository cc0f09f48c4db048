package chase.daemon.text;

import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.Region;
import org.junit.jupiter.api.Test;

class RegionAdviceTest {
  private final RegionAdvice advice = new RegionAdvice();

  @Test
  void aRegionWithoutAProviderGetsTheKeylessOneWithWhatToWrite() {
    assertThat(advice.withoutProvider(new Region("gb")))
        .isEqualTo(
            "neso serves GB (Great Britain) without a key: write \"provider: neso\" and"
                + " \"region: GB\" under carbon");
    assertThat(advice.withoutProvider(new Region("Japan")))
        .isEqualTo(
            "electricity-maps serves JP (Japan) with a key: write \"provider: electricity-maps\""
                + " and \"region: JP\" under carbon");
  }

  @Test
  void anUnknownRegionGetsTheNearestName() {
    assertThat(advice.withoutProvider(new Region("Germny")))
        .startsWith("no provider is known to serve Germny; did you mean DE (Germany)?");
    assertThat(advice.withoutProvider(new Region("Atlantis")))
        .isEqualTo(
            "no provider is known to serve Atlantis; 'chase signal zones' lists the regions");
  }

  @Test
  void aRegionThatOneProviderRefusesIsServedByOthers() {
    assertThat(advice.servedBy(new Region("DK-DK1")))
        .contains(
            "DK-DK1 (West Denmark) is served by energinet (no key, region DK1), electricity-maps"
                + " (token)");
    assertThat(advice.servedBy(new Region("Atlantis"))).isEmpty();
    assertThat(advice.instead(new Region("Germny"))).contains("did you mean DE (Germany)?");
  }
}

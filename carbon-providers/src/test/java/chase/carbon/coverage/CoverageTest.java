package chase.carbon.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.Region;
import chase.carbon.coverage.Coverage.ListedProvider;
import chase.carbon.coverage.ServedPlace.Offer;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoverageTest {
  private final Coverage coverage = Coverage.known();

  private List<String> found(String word) {
    return coverage.matching(word).stream().map(ServedPlace::name).toList();
  }

  private static List<String> providers(ServedPlace place) {
    return place.offers().stream().map(offer -> offer.terms().provider()).toList();
  }

  @Test
  void onePlaceUnderSeveralCodesIsOnePlaceWithTheKeylessProviderFirst() {
    ServedPlace west = coverage.of(new Region("DK1")).orElseThrow();
    assertThat(west.name()).isEqualTo("West Denmark");
    assertThat(providers(west)).containsExactly("energinet", "electricity-maps");
    assertThat(west.offers())
        .flatExtracting(Offer::carbon)
        .containsExactly(new Region("DK1"), new Region("DK-DK1"));
    assertThat(providers(coverage.of(new Region("CAISO_NORTH")).orElseThrow()))
        .containsExactly("fuel-mix", "electricity-maps", "watttime");
    assertThat(providers(coverage.of(new Region("FR")).orElseThrow()))
        .containsExactly("energy-charts", "odre", "electricity-maps");
    assertThat(coverage.of(new Region("de")).map(ServedPlace::name)).contains("Germany");
  }

  @Test
  void keylessPlacesComeFirstAndEachTimeByName() {
    List<Boolean> keyless = coverage.places().stream().map(ServedPlace::isKeyless).toList();
    assertThat(keyless.lastIndexOf(true)).isLessThan(keyless.indexOf(false));
    assertThat(found("norway"))
        .containsSubsequence("Middle Norway", "North Norway", "South-West Norway", "West Norway");
    assertThat(coverage.providers())
        .extracting((ListedProvider one) -> one.terms().isKeyless())
        .isSortedAccordingTo((a, b) -> Boolean.compare(b, a));
  }

  @Test
  void aCodeMeansItsPlaceAndThoseInside() {
    assertThat(found("de")).containsExactly("Germany");
    assertThat(found("DK")).contains("Denmark", "West Denmark", "East Denmark", "Bornholm");
    assertThat(found("NO")).contains("Norway", "West Norway").doesNotContain("North Italy");
    assertThat(found("caiso")).contains("California (CAISO)");
    assertThat(found("UK")).contains("Great Britain");
  }

  @Test
  void aNameIsFoundByTheBeginningOfItsWordsWithoutAccentsAndCase() {
    assertThat(found("quebec")).containsExactly("Québec");
    assertThat(found("HOKKAIDO")).containsExactly("Hokkaidō");
    assertThat(found("york")).containsExactly("New York (NYISO)", "Yorkshire");
    assertThat(found("south korea")).containsExactly("South Korea");
    assertThat(found("any")).isEmpty();
  }

  @Test
  void aProvidersNameShowsItsOwnRowsAlone() {
    assertThat(coverage.matching("energinet"))
        .isNotEmpty()
        .allSatisfy(place -> assertThat(providers(place)).containsExactly("energinet"));
    assertThat(found("energinet")).contains("West Denmark", "Germany");
  }

  @Test
  void aPlaceThatHasAPriceAloneIsNotServedWithoutAKey() {
    ServedPlace sweden = coverage.of(new Region("South Sweden")).orElseThrow();
    assertThat(sweden.isKeyless()).isFalse();
    assertThat(sweden.offers().getFirst().hasCarbon()).isFalse();
    assertThat(sweden.offers().getFirst().price()).containsExactly(new Region("SE4"));
  }

  @Test
  void noProviderHasOneCodeTwiceAndEveryPlaceHasAName() {
    for (ListedProvider provider : coverage.providers()) {
      assertThat(provider.carbon())
          .extracting(served -> served.region().code())
          .doesNotHaveDuplicates();
      assertThat(provider.carbon()).allSatisfy(one -> assertThat(one.place()).isNotBlank());
    }
    assertThat(coverage.places()).hasSizeGreaterThan(300);
  }
}

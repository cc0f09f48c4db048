package chase.zeus.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import chase.zeus.unit.Watts;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyParserTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "max",
        "fixed:250",
        "fixed:212.5",
        "zeus:0",
        "zeus:0.5",
        "zeus:1",
        "chase:0.24",
        "chase:0.24:750"
      })
  void aSpecIsReadAndWrittenUnchanged(String spec) {
    PowerPolicy policy = PowerPolicy.parse(spec);
    assertThat(policy.spec()).isEqualTo(spec);
    assertThat(PowerPolicy.parse(policy.spec())).isEqualTo(policy);
  }

  @Test
  void aSpecMeansWhatItSays() {
    assertThat(PowerPolicy.parse("max")).isEqualTo(PowerPolicy.max());
    assertThat(PowerPolicy.parse("fixed:250")).isEqualTo(PowerPolicy.fixed(new Watts(250)));
    assertThat(PowerPolicy.parse("zeus:0.5")).isEqualTo(PowerPolicy.zeus(0.5));
    assertThat(PowerPolicy.parse("chase:0.24"))
        .isEqualTo(PowerPolicy.chase(0.24, Optional.empty()));
    assertThat(PowerPolicy.parse("chase:0.24:750"))
        .isEqualTo(PowerPolicy.chase(0.24, Optional.of(750.0)));
  }

  @ParameterizedTest
  @CsvSource({
    "' max ', max",
    "fixed:250.0, fixed:250",
    "fixed:2.5e2, fixed:250",
    "zeus:.50, zeus:0.5",
    "zeus:-0.0, zeus:0"
  })
  void otherSpellingsOfAPolicyAreEqualToIt(String spelling, String spec) {
    assertThat(PowerPolicy.parse(spelling).spec()).isEqualTo(spec);
    assertThat(PowerPolicy.parse(spelling)).isEqualTo(PowerPolicy.parse(spec));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "fast", "MAX", "max:1", "fixed", "fixed:1:2", "zeus", "chase", "chase:1:2:3"})
  void whatIsNoPolicyIsRefusedWithTheKnownForms(String spec) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PowerPolicy.parse(spec))
        .withMessage(
            "policy '%s': not one of max, fixed:WATTS, zeus:ETA, chase:ETA[:REFERENCE] or"
                + " budget:BOUND",
            spec);
  }

  @ParameterizedTest
  @CsvSource({"3%,0.03", "3 %,0.03", "2.5%,0.025", "0%,0", "100%,1", "0.03,0.03", "1,1"})
  void aBoundIsAShareOrAPercentage(String bound, String share) {
    assertThat(PowerPolicy.parse("budget:" + bound).spec()).isEqualTo("budget:" + share);
  }

  @Test
  void aBudgetSaysInWordsWhatItPromises() {
    assertThat(PowerPolicy.parse("budget:3%").boundText()).contains("at most 3 % slower");
    assertThat(PowerPolicy.parse("budget:0.025").boundText()).contains("at most 2.5 % slower");
    assertThat(PowerPolicy.max().boundText()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fixed:        | '' is not a number",
        "fixed:250W    | '250W' is not a number",
        "fixed:250d    | '250d' is not a number",
        "fixed:-5      | watts must be finite and >= 0: -5.0",
        "fixed:0       | a fixed limit must be above 0 W",
        "fixed:1e999   | watts must be finite and >= 0: Infinity",
        "zeus:NaN      | 'NaN' is not a number",
        "zeus:1.01     | eta must lie in 0 to 1: 1.01; did you mean 0.0101?",
        "zeus:50       | eta must lie in 0 to 1: 50.0; did you mean 0.5?",
        "zeus:500      | eta must lie in 0 to 1: 500.0",
        "budget:3      | a slowdown bound must lie in 0 to 1 (100 %): 3; did you mean 3%?",
        "budget:2.5    | a slowdown bound must lie in 0 to 1 (100 %): 2.5; did you mean 2.5%?",
        "budget:300%   | a slowdown bound must lie in 0 to 1 (100 %): 3; did you mean 3%?",
        "budget:1e9    | a slowdown bound must lie in 0 to 1 (100 %): 1000000000",
        "budget:three  | 'three' is not a number",
        "budget:%      | '%' is not a number",
        "budget:-3%    | a slowdown bound must lie in 0 to 1 (100 %): -0.03",
        "zeus:-0.1     | eta must lie in 0 to 1: -0.1",
        "chase:2:750   | eta must lie in 0 to 1: 2.0; did you mean 0.02?",
        "chase:0.24:   | '' is not a number",
        "budget:1e-320 | a slowdown bound must be 0, or 0.000001 or more: 1.0E-320",
        "chase:0.24:0  | reference must be from 0.001 to 1000000: 0.0",
        "chase:0.24:-7 | reference must be from 0.001 to 1000000: -7.0"
      })
  void aBadNumberIsRefusedByName(String spec, String what) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PowerPolicy.parse(spec))
        .withMessage("policy '%s': %s", spec, what);
  }

  @ParameterizedTest
  @CsvSource({
    "max, MAX, false, false, , ",
    "fixed:250, FIXED, false, false, , ",
    "zeus:0.5, ZEUS, true, false, , ",
    "chase:0.24, CHASE, true, true, , ",
    "chase:0.24:750, CHASE, true, true, 750, ",
    "budget:3%, BUDGET, true, true, , 0.03"
  })
  void aPolicyAnswersForItself(
      String spec,
      PowerPolicy.PolicyKind kind,
      boolean weighsEnergy,
      boolean weighsGrid,
      @Nullable Double reference,
      @Nullable Double bound) {
    PowerPolicy policy = PowerPolicy.parse(spec);
    assertThat(policy.kind()).isEqualTo(kind);
    assertThat(policy.weighsEnergy()).isEqualTo(weighsEnergy);
    assertThat(policy.weighsGrid()).isEqualTo(weighsGrid);
    assertThat(policy.reference()).isEqualTo(Optional.ofNullable(reference));
    assertThat(policy.slowdownBound().map(SlowdownBound::share))
        .isEqualTo(Optional.ofNullable(bound));
  }
}

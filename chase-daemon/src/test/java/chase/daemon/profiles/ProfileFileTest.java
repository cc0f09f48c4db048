package chase.daemon.profiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import chase.zeus.profile.Estimate;
import chase.zeus.profile.MeasuredProfile;
import chase.zeus.unit.Watts;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileFileTest {
  private static final String TEXT =
      """
      {
        "version" : 1,
        "job" : "bert",
        "gpu_model" : "NVIDIA V100",
        "gpu_count" : 1,
        "batch_size" : null,
        "points" : [ {
          "power_limit_watts" : 150.0,
          "power_watts" : 144.6,
          "throughput" : 1.2,
          "samples" : 12.5,
          "power_deviation_watts" : 2.1,
          "throughput_deviation" : 0.06
        }, {
          "power_limit_watts" : 250.0,
          "power_watts" : 220.25,
          "throughput" : 1.4,
          "samples" : 1.0,
          "power_deviation_watts" : 0.0,
          "throughput_deviation" : 0.0
        } ]
      }
      """;
  private static final ProfileFile FILE =
      new ProfileFile(
          new JobFingerprint("bert", "NVIDIA V100", 1, Optional.empty()),
          new MeasuredProfile(
              List.of(
                  new MeasuredProfile.MeasuredPoint(
                      new Watts(150),
                      new Estimate(12.5, 144.6, 2.1),
                      new Estimate(12.5, 1.2, 0.06)),
                  new MeasuredProfile.MeasuredPoint(
                      new Watts(250), new Estimate(1, 220.25, 0), new Estimate(1, 1.4, 0)))));

  @Test
  void aProfileIsWrittenForPeopleAndReadBack() {
    assertThat(FILE.text()).isEqualTo(TEXT);
    assertThat(ProfileFile.parse("p.json", TEXT)).isEqualTo(FILE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"version\" : 1             | \"version\" : 2              | version must be 1, not 2",
        "144.6                       | -144.6                       | p.json:14: power: mean",
        "144.6                       | 0                            | p.json:14: power: mean",
        "144.6                       | NaN                          | p.json:9: Non-standard",
        "144.6                       | \"144.6\"                    | p.json:9: Cannot coerce",
        "144.6                       | null                         | p.json:9: Cannot map",
        "2.1                         | -2.1                         | deviation must be finite",
        "12.5                        | 0.5                          | samples must be finite",
        "150.0                       | 0                            | limit must be above 0 W",
        "150.0                       | -1                           | p.json:14: power_limit_watts",
        "150.0                       | 250.0                        | limits must rise",
        "150.0                       | 300.0                        | limits must rise",
        "\"gpu_count\" : 1           | \"gpu_count\" : 0            | GPU count must be at least",
        "\"samples\" : 12.5,         | ''                           | property 'samples'",
        "\"samples\" : 12.5          | \"samples\" : 12.5, \"x\":1 | Unrecognized field",
        "\"job\" : \"bert\"          | \"job\" : \"bert\", \"job\":\"x\" | Duplicate field",
        "\"job\" : \"bert\",         | ''                           | p.json:",
        "\"job\" : \"bert\"          | \"job\" : null               | p.json:",
        "} ]                         | } ] ]                        | p.json:",
      })
  void anInvalidValueIsRefusedWithItsLine(String good, String bad, String why) {
    assertThat(TEXT).contains(good);
    String text = TEXT.replace(good, bad);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProfileFile.parse("p.json", text))
        .withMessageStartingWith("p.json:")
        .withMessageContaining(why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "7", "{", "{}", "{} {}", "nonsense"})
  void anotherTextIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProfileFile.parse("p.json", text))
        .withMessageStartingWith("p.json:1: ");
  }
}

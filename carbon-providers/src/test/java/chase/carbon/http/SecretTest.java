package chase.carbon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTest {
  @Test
  void aPlainTokenPassesUnchanged() {
    assertThat(Secret.token("t", "eyJ0.a-b_c~!")).isEqualTo("eyJ0.a-b_c~!");
  }

  @Test
  void aPasswordMayHoldBlanksAndUmlauts() {
    assertThat(Secret.password("p", "größer als 7")).isEqualTo("größer als 7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hush\n", "hush\r\n", "hush hush", "hush\u0000", "hushü", "\uFEFFhush"})
  void aTokenUnfitForAHeaderIsRefusedWithoutBeingShown(String token) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Secret.token("carbon.token", token))
        .withMessageStartingWith("carbon.token: character ")
        .withMessageNotContaining("hush");
  }

  @Test
  void theMessageNamesPlaceAndKind() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Secret.token("token", "ab\ncd"))
        .withMessage("token: character 3 is a line break, which is not allowed there");
  }

  @Test
  void anEmptySecretIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Secret.token("token", ""))
        .withMessage("token: is empty");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Secret.password("password", ""))
        .withMessage("password: is empty");
  }

  @Test
  void aPasswordWithALineBreakIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Secret.password("watttime password", "hush\n"))
        .withMessage("watttime password: character 5 is a line break, which is not allowed there");
  }
}

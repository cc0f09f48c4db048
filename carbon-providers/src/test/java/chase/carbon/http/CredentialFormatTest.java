package chase.carbon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialFormatTest {
  @Test
  void aPlainTokenPassesUnchanged() {
    assertThat(CredentialFormat.token("t", "eyJ0.a-b_c~!")).isEqualTo("eyJ0.a-b_c~!");
  }

  @Test
  void aPasswordMayHoldBlanksAndUmlauts() {
    assertThat(CredentialFormat.password("p", "größer als 7")).isEqualTo("größer als 7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hush\n", "hush\r\n", "hush hush", "hush\u0000", "hushü", "\uFEFFhush"})
  void aTokenUnfitForAHeaderIsRefusedWithoutBeingShown(String token) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CredentialFormat.token("carbon.token", token))
        .withMessageStartingWith("carbon.token: character ")
        .withMessageNotContaining("hush");
  }

  @Test
  void theMessageNamesPlaceAndKind() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CredentialFormat.token("token", "ab\ncd"))
        .withMessage("token: character 3 is a line break, which is not allowed there");
  }

  @Test
  void anEmptySecretIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CredentialFormat.token("token", ""))
        .withMessage("token: is empty");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CredentialFormat.password("password", ""))
        .withMessage("password: is empty");
  }

  @Test
  void aPasswordWithALineBreakIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CredentialFormat.password("watttime password", "hush\n"))
        .withMessage("watttime password: character 5 is a line break, which is not allowed there");
  }
}

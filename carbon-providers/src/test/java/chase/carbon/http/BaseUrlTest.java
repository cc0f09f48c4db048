package chase.carbon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BaseUrlTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://api.electricitymaps.com/v4",
        "http://localhost:8080",
        "https://[::1]/v3/"
      })
  void anHttpAddressPasses(String url) {
    assertThat(BaseUrl.checked("url", URI.create(url))).isEqualTo(URI.create(url));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://host/v4",
        "api.electricitymaps.com/v4",
        "file:/etc/hosts",
        "https:///v4",
        "https://host:70000/v4",
        "https://host/v4?zone=DE",
        "https://host/v4#top"
      })
  void anythingElseIsRefusedByName(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BaseUrl.checked("electricity-maps url", URI.create(url)))
        .withMessageStartingWith("electricity-maps url: must ")
        .withMessageContaining(url);
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://me:hush@host/v4", "https://me:hush@under_score/v4"})
  void anAddressWithAPasswordIsRefusedWithoutShowingIt(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BaseUrl.checked("url", URI.create(url)))
        .withMessage("url: must not hold a user or password");
  }
}

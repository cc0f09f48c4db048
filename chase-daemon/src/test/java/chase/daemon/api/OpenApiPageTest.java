package chase.daemon.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.daemon.access.RouteRoles.RouteRole;
import chase.daemon.fixtures.OpenApiContract;
import chase.daemon.fixtures.Repository;
import io.vertx.core.http.HttpMethod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/openapi.yaml} is made by {@link OpenApiDocument}: with {@code -Dchase.docs=write} it
 * is written anew, and otherwise compared. Whatever the control socket answers in a test is held to
 * it as well, in {@code ControlClient}.
 */
class OpenApiPageTest {
  private static final Path DOCS = Repository.root().resolve("docs");
  private static final Path DOCUMENT = DOCS.resolve("openapi.yaml");
  private static final Pattern CURL =
      Pattern.compile("curl .*?(?:-X (\\w+) )?-d '(\\{.*?\\})' \"?http://chase(/v1/\\S+)");

  @Test
  void theDocumentIsMadeOfTheServersRoutesAndBodies() throws Exception {
    String made = new OpenApiDocument().yaml();
    if ("write".equals(System.getProperty("chase.docs"))) {
      Files.writeString(DOCUMENT, made);
    }
    assertThat(Repository.text(DOCUMENT))
        .as(
            "mvn -pl chase-daemon -am test -Dtest=OpenApiPageTest -Dchase.docs=write"
                + " -Dsurefire.failIfNoSpecifiedTests=false writes it anew")
        .isEqualTo(made);
  }

  @Test
  void itHasEveryRouteOfTheServerAndNoOther() throws Exception {
    List<String> served = OpenApiDocument.served().stream().map(RouteRole::toString).toList();
    assertThat(OpenApiContract.shipped().operations())
        .containsExactlyInAnyOrderElementsOf(
            served.stream().map(route -> route.replaceAll(":(\\w+)", "{$1}")).toList());
    assertThat(new OpenApiDocument().described()).containsExactlyInAnyOrderElementsOf(served);
  }

  @Test
  void theRequestsOnThePagesAreAsItSays() throws Exception {
    List<MatchResult> found;
    try (Stream<Path> pages = Files.list(DOCS)) {
      found =
          pages
              .filter(page -> page.toString().endsWith(".md"))
              .flatMap(page -> CURL.matcher(Repository.text(page)).results())
              .toList();
    }
    assertThat(found).hasSizeGreaterThan(8);
    found.forEach(curl ->
        OpenApiContract.shipped()
            .checkRequest(
                curl.group(1) == null ? HttpMethod.POST : HttpMethod.valueOf(curl.group(1)),
                curl.group(3),
                curl.group(2)));
  }

  @Test
  void whatItDoesNotKnowIsFound() {
    OpenApiContract contract = OpenApiContract.shipped();
    String policy = "{\"policy\":\"max\",\"added\":1}";
    assertThatThrownBy(() -> contract.checkAnswer(HttpMethod.GET, "/v1/policy", 200, policy))
        .hasMessageContaining("added");
    assertThatThrownBy(() -> contract.checkAnswer(HttpMethod.GET, "/v1/policy", 200, "{}"))
        .hasMessageContaining("policy");
    assertThatThrownBy(() -> contract.checkAnswer(HttpMethod.GET, "/v1/policy", 410, "{}"))
        .hasMessageContaining("no 410");
    assertThatThrownBy(() -> contract.checkRequest(HttpMethod.PUT, "/v1/policy", policy))
        .hasMessageContaining("added");
  }

  @Test
  void whatIsNoOpenApiIsRefused() {
    String text = Repository.text(DOCUMENT).replaceFirst("summary:", "sumary:");
    assertThatThrownBy(() -> OpenApiContract.of(text))
        .hasMessage("The passed OpenAPI contract is invalid.");
  }
}

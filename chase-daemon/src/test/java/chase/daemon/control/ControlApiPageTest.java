package chase.daemon.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What {@code docs/control-api.md} shows as an answer is one. */
class ControlApiPageTest {
  @Test
  void theGpuOnThePageIsTheGoldenOne() throws IOException {
    String page = page();
    int start = page.indexOf("```json") + "```json".length();
    JsonMapper mapper = new JsonMapper();

    assertThat(mapper.readTree(page.substring(start, page.indexOf("```", start))))
        .isEqualTo(
            mapper.readTree(Files.readString(Path.of("src/test/resources/control/gpu.json"))));
  }

  private static String page() throws IOException {
    return Files.readString(Path.of("../docs/control-api.md"));
  }
}

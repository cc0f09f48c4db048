package chase.daemon.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiJsonTest {
  private final JsonMapper mapper = ApiJson.mapper();

  @ParameterizedTest
  @CsvSource({
    "status.json, chase.daemon.api.StatusBody",
    "gpu.json, chase.daemon.api.GpuBody",
    "signal.json, chase.daemon.api.SignalBody",
    "explain.json, chase.daemon.api.ExplainBody",
    "policy.json, chase.daemon.api.PolicyBody",
    "error.json, chase.daemon.api.ErrorBody",
    "override.json, chase.daemon.api.GpuBody$OverrideRequest",
    "notice.json, chase.daemon.api.NotificationBody",
  })
  void whatIsWrittenIsReadBackAsItWas(String golden, Class<?> type) throws IOException {
    try (InputStream file = ApiJsonTest.class.getResourceAsStream("/control/" + golden)) {
      var tree = mapper.readTree(Objects.requireNonNull(file, golden));
      assertThat(mapper.<JsonNode>valueToTree(mapper.treeToValue(tree, type)).toPrettyString())
          .isEqualTo(tree.toPrettyString());
    }
  }

  @Test
  void aListThatAnOlderDaemonDoesNotKnowIsEmptyForTheCommandLine() throws IOException {
    try (InputStream file = ApiJsonTest.class.getResourceAsStream("/control/signal.json")) {
      ObjectNode older = (ObjectNode) mapper.readTree(file);
      older.remove(List.of("attributions", "notices"));
      older.withObject("current").remove("via");
      SignalBody body = ApiJson.mapperOfAnswers().treeToValue(older, SignalBody.class);
      assertThat(body.attributions()).isEmpty();
      assertThat(body.notices()).isEmpty();
      assertThat(body.current().orElseThrow().via()).isEmpty();
    }
  }

  @Test
  void aKeyFromANewerDaemonIsPassedOver() throws JsonProcessingException {
    assertThat(mapper.readValue("{\"policy\":\"max\",\"since\":1}", PolicyBody.class))
        .isEqualTo(
            new PolicyBody(
                "max", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
  }
}

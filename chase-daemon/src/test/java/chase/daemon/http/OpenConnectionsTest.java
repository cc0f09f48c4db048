package chase.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.http.OpenConnections.Phase;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OpenConnectionsTest {
  private static final HttpLimits LIMITS = new HttpLimits(4, 3, 10, 2, 5);

  private final OpenConnections<String> connections = new OpenConnections<>(LIMITS);
  private final Map<String, Phase> phases = new HashMap<>();

  private void asks(String connection, Phase phase) {
    phases.put(connection, phase);
    connections.requestBegan(connection, () -> phases.getOrDefault(connection, Phase.IDLE));
  }

  private Map<String, FailureCounter.CloseReason> after(int seconds) {
    return IntStream.rangeClosed(1, seconds)
        .mapToObj(i -> connections.tick())
        .reduce(Map.of(), (before, last) -> last);
  }

  @Test
  void aClientWithTooManyLosesTheOneThatIsIdleForLongest() {
    connections.admit("a1", "ann");
    after(1);
    connections.admit("a2", "ann");
    connections.admit("a3", "ann");
    assertThat(connections.admit("a4", "ann")).contains("a1");
    asks("a2", Phase.ANSWERING);
    assertThat(connections.admit("a5", "ann")).contains("a3");
  }

  @Test
  void whenAllPlacesAreTakenTheGreediestMakesRoom() {
    connections.admit("b1", "bob");
    connections.admit("a1", "ann");
    connections.admit("a2", "ann");
    connections.admit("a3", "ann");
    assertThat(connections.admit("c1", "cid")).contains("a1");
    assertThat(connections.all()).containsExactlyInAnyOrder("b1", "a2", "a3", "c1");
  }

  @Test
  void aConnectionThatIsBeingAnsweredIsClosedLast() {
    connections.admit("a1", "ann");
    asks("a1", Phase.STREAMING);
    connections.admit("a2", "ann");
    asks("a2", Phase.RECEIVING);
    connections.admit("a3", "ann");
    asks("a3", Phase.ANSWERING);
    assertThat(connections.admit("a4", "ann")).contains("a2");
  }

  @Test
  void aPlaceIsFreeAgainOnceItsConnectionIsClosed() {
    connections.admit("a1", "ann");
    connections.admit("a2", "ann");
    connections.admit("a3", "ann");
    connections.closed("a2");
    assertThat(connections.admit("a4", "ann")).isEmpty();
  }

  @Test
  void aRequestThatDoesNotComeInTimeIsGivenUpHoweverItDrips() {
    connections.admit("silent", "ann");
    connections.admit("slow", "bob");
    asks("slow", Phase.RECEIVING);
    assertThat(after(2)).isEmpty();
    assertThat(after(1))
        .containsOnly(
            Map.entry("silent", FailureCounter.CloseReason.SLOW_REQUEST),
            Map.entry("slow", FailureCounter.CloseReason.SLOW_REQUEST));
  }

  @Test
  void aConnectionIsIdleFromTheEndOfItsAnswerOn() {
    connections.admit("a", "ann");
    asks("a", Phase.ANSWERING);
    assertThat(after(4)).isEmpty();
    phases.put("a", Phase.IDLE);
    assertThat(after(11)).isEmpty();
    assertThat(after(1)).containsOnly(Map.entry("a", FailureCounter.CloseReason.IDLE));
  }

  @Test
  void anAnswerThatNeverBeginsIsGivenUpAndOneThatRunsIsNot() {
    connections.admit("a", "ann");
    asks("a", Phase.ANSWERING);
    connections.admit("s", "ann");
    asks("s", Phase.STREAMING);
    assertThat(after(6)).isEmpty();
    assertThat(after(1)).containsOnly(Map.entry("a", FailureCounter.CloseReason.UNANSWERED));
    connections.closed("a");
    assertThat(after(1000)).isEmpty();
  }
}

package chase.daemon.batchsize;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DatabaseTrialTest {
  @RegisterExtension static final TestPostgres POSTGRES = new TestPostgres();

  @Test
  void anEmptyDatabaseIsSoundAndStaysEmpty() {
    DatabaseTrial found = trial("postgres");
    assertThat(found.failure()).isEmpty();
    assertThat(found.product()).startsWith("PostgreSQL ");
    assertThat(found.tables()).isEmpty();
    assertThat(found.missing()).isEmpty();
    assertThat(trial("postgres").tables()).isEmpty();
  }

  @Test
  void tablesHaveAVersionAndAUserWithoutRightsIsTold() throws Exception {
    StudyDatabase database = POSTGRES.storage();
    database.database().transact(connection -> true);
    database.database().close();
    assertThat(trial("postgres").tables()).contains(DatabaseTrial.KNOWN_TABLES);
    assertThat(trial("postgres").missing()).isEmpty();
    String guest = "guest_of_" + POSTGRES.database();
    POSTGRES.change("CREATE USER " + guest);
    DatabaseTrial found = trial(guest);
    assertThat(found.failure().or(found::missing)).isPresent();
  }

  @Test
  void whereNoServerIsTheReasonIsOneLine() {
    DatabaseTrial found =
        DatabaseTrial.of("jdbc:postgresql://127.0.0.1:1/x", Optional.of("a"), Optional.empty());
    assertThat(found.failure().orElseThrow()).contains("127.0.0.1:1").doesNotContain("\n");
  }

  private static DatabaseTrial trial(String user) {
    return DatabaseTrial.of(POSTGRES.url(), Optional.of(user), Optional.of("unused"));
  }
}

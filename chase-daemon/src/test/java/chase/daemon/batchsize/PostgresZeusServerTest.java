package chase.daemon.batchsize;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresZeusServerTest extends ZeusServerContract {
  private final TestPostgres server = new TestPostgres();
  private String database = "";

  @Override
  StudyDatabase storage() {
    if (database.isEmpty()) {
      database = server.fresh();
    }
    return server.storage(database);
  }

  @AfterEach
  void leave() {
    database = "";
  }

  @AfterAll
  void stop() {
    server.close();
  }
}

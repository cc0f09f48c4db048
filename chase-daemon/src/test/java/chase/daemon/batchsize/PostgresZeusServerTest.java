package chase.daemon.batchsize;

import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresZeusServerTest extends ZeusServerContract {
  @RegisterExtension static final TestPostgres POSTGRES = new TestPostgres();

  @Override
  StudyDatabase storage() {
    return POSTGRES.storage();
  }
}

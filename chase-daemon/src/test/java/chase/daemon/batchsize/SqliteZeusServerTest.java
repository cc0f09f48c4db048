package chase.daemon.batchsize;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteZeusServerTest extends ZeusServerContract {
  @TempDir Path directory;

  @Override
  StudyDatabase storage() {
    return StudyDatabase.sqlite(directory.resolve("batch-sizes.db"));
  }
}

package chase.daemon.batchsize;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteZeusServerTest extends ZeusServerContract {
  @TempDir Path directory;

  @Override
  Storage storage() {
    return Storage.sqlite(directory.resolve("batch-sizes.db"));
  }
}

package chase.daemon.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.daemon.access.RouteRoles.RouteRole;
import chase.daemon.fixtures.TestAccess;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RouteRolesTest {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close();
  }

  private void mount(Consumer<Router> routes) {
    Router router = Router.router(vertx);
    RouteRoles roles = new RouteRoles(TestAccess.ofOwner(), List::of, InstantSource.system());
    roles.mount(router);
    routes.accept(router);
    roles.requireAll(router);
  }

  @Test
  void aRouteInTheTableMayBeAdded() {
    assertThatCode(() -> mount(router -> router.get("/v1/gpus/:gpu").handler(context -> {})))
        .doesNotThrowAnyException();
  }

  @Test
  void aRouteWithoutARoleIsRefusedBeforeAnybodyIsServed() {
    assertThatThrownBy(() -> mount(router -> router.post("/v1/forgotten").handler(context -> {})))
        .hasMessage("POST /v1/forgotten has no role: add it to RouteRoles");
  }

  @Test
  void anotherMethodOfAKnownPathTakesARoleOfItsOwn() {
    assertThatThrownBy(() -> mount(router -> router.delete("/v1/status").handler(context -> {})))
        .hasMessage("DELETE /v1/status has no role: add it to RouteRoles");
  }

  @Test
  void aRouteForManyPathsOrMethodsIsRefused() {
    assertThatThrownBy(() -> mount(router -> router.route("/v1/status").handler(context -> {})))
        .hasMessageStartingWith("any method of /v1/status has no role");
    assertThatThrownBy(() -> mount(router -> router.get("/v1/*").handler(context -> {})))
        .hasMessageStartingWith("any method of /v1/ has no role");
    assertThatThrownBy(() -> mount(router -> router.route().handler(context -> {})))
        .hasMessageStartingWith("any method of every path has no role");
  }

  @Test
  void eachRouteHasOneRole() {
    assertThat(RouteRoles.ALL).extracting(RouteRole::toString).doesNotHaveDuplicates();
  }
}

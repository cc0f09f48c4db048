package chase.daemon.access;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.access.AccessRules.SocketAudience;
import chase.daemon.config.AccessConfig;
import chase.daemon.config.AccessConfig.RoleConfig;
import chase.daemon.fixtures.TestAccess;
import chase.daemon.host.SocketPeer;
import chase.daemon.host.UserDatabase;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AccessRulesTest {
  private static final UserDatabase HOST =
      TestAccess.database(
          Map.of("ann", 1001L, "nobody", 65534L), Map.of("chase", 500L, "chase-jobs", 501L));
  private static final Optional<Long> DAEMON = Optional.of(499L);

  private static final AccessConfig DEFAULT =
      TestAccess.config(List.of("chase"), List.of("chase-jobs"), List.of());

  private static AccessRules rules(AccessConfig config) {
    return new AccessRules(config, HOST, DAEMON);
  }

  private static AccessConfig readers(String... users) {
    return new AccessConfig(
        new RoleConfig(List.of(), List.of()),
        new RoleConfig(List.of(), List.of()),
        new RoleConfig(List.of(users), List.of()),
        AccessConfig.AuditConfig.DEFAULT);
  }

  private static SocketPeer peer(long uid, Long... groups) {
    return new SocketPeer(
        "u" + uid, Optional.of(uid), Optional.of(100L), Set.of(groups), Optional.empty());
  }

  @Test
  void rootAndTheDaemonsOwnUserDoEverything() {
    assertThat(rules(DEFAULT).roleOf(peer(0))).contains(Role.OPERATOR);
    assertThat(rules(DEFAULT).roleOf(peer(499))).contains(Role.OPERATOR);
  }

  @Test
  void aGroupGivesItsRoleAlsoAsASupplementaryOneAndTheBestOneCounts() {
    assertThat(rules(DEFAULT).roleOf(peer(1002, 100L, 501L))).contains(Role.JOB);
    assertThat(rules(DEFAULT).roleOf(peer(1002, 501L, 500L))).contains(Role.OPERATOR);
    assertThat(rules(DEFAULT).roleOf(peer(1002, 100L))).isEmpty();
  }

  @Test
  void usersAreNamedByNameOrNumber() {
    AccessRules rules = rules(readers("ann", "1003"));

    assertThat(rules.roleOf(peer(1001))).contains(Role.READ);
    assertThat(rules.roleOf(peer(1003))).contains(Role.READ);
    assertThat(rules.roleOf(peer(1004))).isEmpty();
  }

  @Test
  void everybodyMayBeGivenARole() {
    assertThat(rules(readers("*")).roleOf(peer(4711))).contains(Role.READ);
    assertThat(rules(readers("*")).audience()).isEqualTo(new SocketAudience.Everybody());
  }

  @Test
  void whoeverHasNoUserInOurNamespaceHasNoRoleWhateverIsConfigured() {
    AccessRules rules = rules(readers("nobody", "65534", "*"));

    assertThat(rules.roleOf(peer(65534))).isEmpty();
  }

  @Test
  void aNameThatIsNobodysGivesNoRoleAndIsNamedInALine() {
    AccessRules rules = rules(readers("alcie"));

    assertThat(rules.unknown())
        .extracting(AccessRules.UnknownName::text)
        .containsExactly(
            "access.read.users: there is no user 'alcie' here, so that nobody has role read by it");
    assertThat(rules.unknown().getFirst().chosen()).isTrue();
    assertThat(rules.audience()).isEqualTo(new SocketAudience.Owner());
  }

  @Test
  void aDefaultGroupThatIsNotThereIsNoMistake() {
    AccessRules rules = new AccessRules(DEFAULT, TestAccess.database(Map.of(), Map.of()), DAEMON);

    assertThat(rules.unknown()).hasSize(2).noneMatch(AccessRules.UnknownName::chosen);
    assertThat(rules.roleOf(peer(1001, 500L, 501L))).isEmpty();
  }

  @Test
  void theSocketIsAsClosedAsTheRolesAllow() {
    AccessConfig operators = TestAccess.config(List.of("chase"), List.of(), List.of());

    assertThat(rules(operators).audience()).isEqualTo(new SocketAudience.Group("500"));
    assertThat(rules(DEFAULT).audience()).isEqualTo(new SocketAudience.Everybody());
  }

  @Test
  void withoutNumbersTheNameCounts() {
    SocketPeer ann =
        new SocketPeer("ann", Optional.empty(), Optional.empty(), Set.of(), Optional.empty());

    assertThat(rules(readers("ann")).roleOf(ann)).contains(Role.READ);
    assertThat(rules(DEFAULT).roleOf(ann)).isEmpty();
  }

  @Test
  void theRulesInASentence() {
    assertThat(rules(DEFAULT).text())
        .isEqualTo("operator: group chase; job: group chase-jobs; read: nobody");
  }
}

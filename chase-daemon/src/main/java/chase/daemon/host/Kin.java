package chase.daemon.host;

/**
 * A process and where it comes from.
 *
 * @param pid its id
 * @param parent the id of the process that it comes from, 0 where there is none
 * @param session the id of its session: of what one terminal or service started
 * @param user the name of its user, or the number where there is no name
 */
public record Kin(long pid, long parent, long session, String user) {}

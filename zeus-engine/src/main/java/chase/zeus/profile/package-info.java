/** What a job draws and achieves at each power limit of one kind of card. */
@NullMarked
package chase.zeus.profile;

import org.jspecify.annotations.NullMarked;

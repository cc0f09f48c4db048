/**
 * Numbers as lines of JSON, with all of their provenance, in files that survive a crash: what was
 * written before is kept, what was half written is cut off and set aside.
 */
@NullMarked
package chase.carbon.record;

import org.jspecify.annotations.NullMarked;

/**
 * RTE's eCO2mix of France, published by Open Data Reseaux Energies (ODRE) without a key: what the
 * plants of France emit by burning fuel, by quarters of an hour and about half an hour late, and
 * the days before; no forecast. Licence: Licence Ouverte 2.0 of Etalab.
 */
@NullMarked
package chase.carbon.odre;

import org.jspecify.annotations.NullMarked;

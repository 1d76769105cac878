package dev.gbpf.verifier.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RelationJoinTest {
    private final RelationJoin join = new RelationJoin().begin(9);

    @Test
    void identity_ofBoth_staysAndOthersGetNewNames() {
        assertThat(join.identity(3, 3)).isEqualTo(3);
        assertThat(join.identity(0, 3)).isZero();
        assertThat(join.identity(3, 0)).isZero();
        assertThat(join.identity(3, 4)).isEqualTo(10);
        assertThat(join.identity(4, 3)).isEqualTo(11);
        assertThat(join.identity(3, 4)).as("the same pair again").isEqualTo(10);
        assertThat(join.greatest()).isEqualTo(11);
    }

    @Test
    void symbol_ofBothAtOneDistance_staysAndOthersGetNewNames() {
        assertThat(join.symbol(3, 5, 3, 5)).isEqualTo(3);
        assertThat(join.symbol(0, 0, 3, 5)).isZero();
        assertThat(join.symbol(3, 5, 0, 0)).isZero();
        assertThat(join.symbol(3, 5, 3, 6)).as("another distance").isEqualTo(10);
        assertThat(join.symbol(3, 5, 4, 5)).isEqualTo(11);
        assertThat(join.symbol(3, 7, 4, 7)).as("as far apart in both").isEqualTo(11);
        assertThat(join.symbol(3, 7, 4, 8)).as("further apart in one").isEqualTo(12);
        assertThat(join.symbol(4, 5, 3, 5)).as("the other way around").isEqualTo(13);
        assertThat(join.greatest()).isEqualTo(13);
    }

    @Test
    void constants_areRelatedByTheirValues() {
        // A constant is the symbol -1, which is 0, plus its value; two places that hold 1 and 4, and 2 and 5, are 3
        // apart.
        assertThat(join.symbol(-1, 1, -1, 2)).isEqualTo(10);
        assertThat(join.symbol(-1, 4, -1, 5)).isEqualTo(10);
        assertThat(join.symbol(-1, 4, -1, 4)).as("a constant keeps no name").isEqualTo(11);
        assertThat(join.symbol(-1, 4, 2, 4)).isEqualTo(12);
        assertThat(join.symbol(2, 4, -1, 4)).isEqualTo(13);
    }

    @Test
    void nullsOfOneState_areOneIdentity() {
        assertThat(join.identity(-1, 5)).isEqualTo(10);
        assertThat(join.identity(-1, 5)).isEqualTo(10);
        assertThat(join.identity(-1, 6)).isEqualTo(11);
        assertThat(join.identity(5, -1)).isEqualTo(12);
    }

    @Test
    void names_thatDoNotFit_areGivenUp() {
        RelationJoin last = new RelationJoin().begin(Integer.MAX_VALUE - 1);
        assertThat(last.symbol(3, 0, 4, 0)).isEqualTo(Integer.MAX_VALUE);
        assertThat(last.symbol(3, 0, 5, 0)).isZero();
        assertThat(last.identity(3, 5)).isZero();
        assertThat(last.greatest()).isEqualTo(Integer.MAX_VALUE);
    }
}

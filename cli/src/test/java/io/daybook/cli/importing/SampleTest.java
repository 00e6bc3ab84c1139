package io.daybook.cli.importing;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The bundled sample, read by our mapping, against the bank's own balances. */
class SampleTest {

    private static final Path SAMPLE = Path.of(System.getProperty("daybook.home"), "samples", "berka-1993.csv.gz");

    private final List<BerkaTransaction> transactions = new ArrayList<>();

    SampleTest() {
        new BerkaFile(SAMPLE).forEach(transactions::add);
    }

    @Test
    void all_of_1993_is_there() {
        assertThat(transactions).hasSize(28_205);
        assertThat(transactions).extracting(t -> t.date().getYear()).containsOnly(1993);
        assertThat(transactions.stream().map(BerkaTransaction::toNewTransaction).map(NewTransaction::id))
                .doesNotHaveDuplicates();
    }

    @Test
    void six_clients_overdraw_their_accounts_and_all_the_banks_accounts_may() {
        BerkaSurvey survey = BerkaSurvey.of(new BerkaFile(SAMPLE));

        assertThat(survey.transactions()).isEqualTo(28_205);
        assertThat(survey.clients()).isEqualTo(1_139);
        assertThat(survey.overdrawn().stream().map(AccountAddress::value).filter(a -> a.startsWith("accounts:")))
                .containsExactlyInAnyOrder(
                        "accounts:1539",
                        "accounts:4034",
                        "accounts:5442",
                        "accounts:5740",
                        "accounts:5868",
                        "accounts:9203");
        assertThat(survey.overdrawn().stream().map(AccountAddress::value).filter(a -> a.startsWith("bank:")))
                .contains("bank:cash", "bank:fees", "bank:interest", "bank:penalty-interest", "bank:transfers:AB")
                .hasSize(17);
    }

    /**
     * The bank kept interest with more decimals than it printed, so its balances can be compared to the haléř only until
     * an account's first interest. The order within a day being lost, the balance at the end of a day must be the balance
     * of one of its lines.
     */
    @Test
    void until_the_first_interest_our_balance_at_the_end_of_every_day_is_the_banks() {
        int compared = 0;
        for (Collection<List<BerkaTransaction>> days : byAccountAndDay()) {
            Amount ours = Amount.ZERO;
            for (List<BerkaTransaction> day : days) {
                if (day.stream().anyMatch(t -> t.symbol().endsWith("UROK"))) {
                    break;
                }
                ours = plus(ours, day);
                assertThat(ours).as("%s", day).isIn(bankBalances(day));
                compared++;
            }
        }
        assertThat(compared).isEqualTo(3_572);
    }

    @Test
    void in_the_whole_year_the_roundings_of_interest_add_up_to_less_than_a_koruna() {
        Amount koruna = Amount.of(100);
        for (Collection<List<BerkaTransaction>> days : byAccountAndDay()) {
            Amount ours = Amount.ZERO;
            for (List<BerkaTransaction> day : days) {
                ours = plus(ours, day);
                Amount balance = ours;
                assertThat(bankBalances(day)).as("%s, ours %s", day, ours).anySatisfy(banks -> {
                    Amount difference = banks.minus(balance);
                    assertThat(difference).isBetween(koruna.negated(), koruna);
                });
            }
        }
    }

    private Collection<Collection<List<BerkaTransaction>>> byAccountAndDay() {
        Map<Long, Map<LocalDate, List<BerkaTransaction>>> byAccount = transactions.stream()
                .collect(Collectors.groupingBy(
                        BerkaTransaction::clientAccount,
                        Collectors.groupingBy(BerkaTransaction::date, TreeMap::new, Collectors.toList())));
        assertThat(byAccount).hasSize(1_139);
        return byAccount.values().stream().map(Map::values).toList();
    }

    private static Amount plus(Amount balance, List<BerkaTransaction> day) {
        return day.stream().map(BerkaTransaction::change).reduce(balance, Amount::plus);
    }

    private static Set<Amount> bankBalances(List<BerkaTransaction> day) {
        return day.stream().map(BerkaTransaction::balance).collect(Collectors.toCollection(HashSet::new));
    }
}

package io.daybook.cli.demo;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.LedgerId;
import java.math.BigDecimal;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The sample's books on a page, at most 100 characters wide. */
final class DemoReport {

    private static final int LARGEST = 5;
    private static final AccountAddress A_BANK_ACCOUNT = new AccountAddress("bank:interest");

    /** What the parts of the sample's ledger are, in the order in which a person reads them. */
    private enum Part {
        CLIENTS("accounts:", "what the bank owes its clients"),
        CASH("bank:cash", "cash paid out, less cash paid in"),
        CARDS("bank:cards", "drawn by card"),
        TRANSFERS("bank:transfers:", "transfers sent, less received"),
        INTEREST("bank:interest", "interest paid to clients"),
        PENALTY_INTEREST("bank:penalty-interest", "interest paid by overdrawn clients"),
        FEES("bank:fees", "fees for statements and services"),
        OTHER("", "everything else");

        private final String prefix;
        private final String meaning;

        Part(String prefix, String meaning) {
            this.prefix = prefix;
            this.meaning = meaning;
        }

        static Part of(AccountAddress account) {
            for (Part part : values()) {
                if (part.isMany()
                        ? account.value().startsWith(part.prefix)
                        : account.value().equals(part.prefix)) {
                    return part;
                }
            }
            throw new IllegalStateException("the last part takes every account");
        }

        private boolean isMany() {
            return prefix.isEmpty() || prefix.endsWith(":");
        }
    }

    private final StringBuilder page = new StringBuilder();

    private DemoReport() {}

    static String of(LedgerId ledger, URI base, LedgerSummary books, List<ProjectionLine> projections) {
        DemoReport report = new DemoReport();
        report.summary(ledger, books);
        for (Asset asset : books.sums().keySet()) {
            report.parts(books, asset);
        }
        List<AccountAddress> largest = report.largest(books);
        report.projections(projections);
        report.urls(ledger, base, largest);
        return report.page.toString();
    }

    private void summary(LedgerId ledger, LedgerSummary books) {
        heading("The books of ledger " + ledger);
        line("  transactions  %,12d", books.transactions());
        line("  accounts      %,12d", books.balances().size());
        line("  sequence      %,12d", books.sequence());
    }

    private void parts(LedgerSummary books, Asset asset) {
        SortedMap<Part, List<Amount>> balances = new TreeMap<>();
        books.balances().forEach((account, amounts) -> {
            Amount amount = amounts.get(asset);
            if (amount != null) {
                balances.computeIfAbsent(Part.of(account), part -> new ArrayList<>())
                        .add(amount);
            }
        });
        Amount sum = books.sums().getOrDefault(asset, Amount.ZERO);

        heading("Where the money is, in " + asset.code());
        balances.forEach((part, amounts) -> line(
                "  %-24s %10s %20s   %s",
                part.prefix + (part.isMany() ? "*" : ""),
                part.isMany() ? String.format(Locale.ROOT, "%,d", amounts.size()) : "",
                money(amounts.stream().reduce(Amount.ZERO, Amount::plus), asset),
                part.meaning));
        line(
                "  %-24s %10s %20s   %s",
                "sum", "", money(sum, asset), sum.isZero() ? "zero, as it must be" : "NOT ZERO: something is wrong");
    }

    /** Of clients only: the bank's own are in the table above, and would always be the largest. */
    private List<AccountAddress> largest(LedgerSummary books) {
        List<AccountAddress> largest = new ArrayList<>();
        for (Asset asset : books.sums().keySet()) {
            List<Map.Entry<AccountAddress, Map<Asset, Amount>>> accounts = books.balances().entrySet().stream()
                    .filter(account -> Part.of(account.getKey()) == Part.CLIENTS)
                    .filter(account -> account.getValue().containsKey(asset))
                    .sorted(Comparator.comparing((Map.Entry<AccountAddress, Map<Asset, Amount>> account) ->
                                    account.getValue().get(asset))
                            .reversed())
                    .limit(LARGEST)
                    .toList();
            heading("The five largest accounts of clients, in " + asset.code());
            accounts.forEach(account -> {
                largest.add(account.getKey());
                line("  %-35s %20s", account.getKey(), money(account.getValue().get(asset), asset));
            });
        }
        return largest;
    }

    private void projections(List<ProjectionLine> projections) {
        heading("How far each book is");
        line("  %-12s %10s   %-12s %-16s %s", "projection", "generation", "state", "still to read", "parked");
        for (ProjectionLine projection : projections) {
            line(
                    "  %-12s %10d   %-12s %-16s %,d",
                    projection.name(),
                    projection.generation(),
                    projection.state(),
                    projection.behind(),
                    projection.parked());
        }
    }

    private void urls(LedgerId ledger, URI base, List<AccountAddress> largest) {
        String ledgerUrl = base + "/v1/ledgers/" + ledger;
        AccountAddress client = largest.isEmpty() ? A_BANK_ACCOUNT : largest.getFirst();
        heading("Look at it");
        line("  the ledger        %s", ledgerUrl);
        line("  its accounts      %s/accounts", ledgerUrl);
        line("  one account       %s/accounts/%s", ledgerUrl, client);
        line("  its statement     %s/accounts/%s/entries", ledgerUrl, client);
        line("  transactions      %s/transactions", ledgerUrl);
        line("  sums by prefix    %s/balances?prefix=bank:transfers:", ledgerUrl);
        line("  the history       %s/events", ledgerUrl);
        // In quotes, as the name before a colon would be taken for a field's.
        line(
                "  search            %s/v1/audit?q=%%22%s%%22",
                base, client.value().replace(":", "%3A"));
        line("  projections       %s/v1/projections", base);
    }

    private void heading(String text) {
        if (!page.isEmpty()) {
            page.append('\n');
        }
        page.append(text).append('\n');
    }

    private void line(String format, Object... values) {
        page.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }

    private static String money(Amount amount, Asset asset) {
        BigDecimal number = new BigDecimal(amount.toBigInteger(), asset.decimals());
        return String.format(Locale.ROOT, "%,." + asset.decimals() + "f", number);
    }
}

#include "kernel/metrics/catalogue.hpp"
#include "kernel/metrics/page.hpp"

#include <catch2/catch.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <set>
#include <thread>

using namespace kernel::metrics;
using namespace std::chrono_literals;

namespace {

constexpr Family seen{"prueba_vistas_total", Kind::counter, "Páginas vistas"};
constexpr Family heat{"prueba_calor", Kind::gauge, "Con \"comillas\" y \\ barra"};
constexpr double bounds[] = {0.5, 1, 2};
constexpr Family time_taken{"prueba_segundos", Kind::histogram, "Lo que tarda", bounds};

std::string text_of_region(const Region& region) {
    Page page;
    page.add(region);
    return page.text();
}

bool has_line(const std::string& text, const std::string& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

/// Runs `work` in a process of its own; answers its id.
template <class F>
pid_t apart(F&& work) {
    const pid_t pid = ::fork();
    if (pid == 0) {
        work();
        ::_exit(0);
    }
    return pid;
}

}  // namespace

TEST_CASE("what processes count adds up, and outlives them") {
    const SharedRegion shared;
    std::vector<pid_t> children;
    for (int i = 0; i < 4; ++i)
        children.push_back(apart([&] {
            Registry registry(map_region(shared.fd()));
            const auto& series = registry.series(seen, {{"tenant", "riomar"}});
            for (int n = 0; n < 10'000; ++n) series.add();
            if (i % 2) ::raise(SIGKILL);
        }));
    for (const auto child : children) ::waitpid(child, nullptr, 0);
    CHECK(has_line(text_of_region(shared.region()), "prueba_vistas_total{tenant=\"riomar\"} 40000"));
}

TEST_CASE("the text is what Prometheus's format says") {
    const SharedRegion shared;
    Registry registry(shared.region());
    registry.series(seen, {{"tenant", "a\"b\\c\nd"}, {"plugin", ""}}).add(3);
    registry.series(heat, {}).set(-1.25);
    registry.series(heat, {}).shift(0.25);
    const auto& series = registry.series(time_taken, {});
    for (const double value : {0.25, 0.5, 0.75, 2.0, 9.0}) series.observe(value);
    const auto text = text_of_region(shared.region());
    CHECK(has_line(text, "# HELP prueba_vistas_total Páginas vistas"));
    CHECK(has_line(text, "# TYPE prueba_vistas_total counter"));
    CHECK(has_line(text, "prueba_vistas_total{tenant=\"a\\\"b\\\\c\\nd\"} 3"));
    CHECK(has_line(text, "# HELP prueba_calor Con \"comillas\" y \\\\ barra"));
    CHECK(has_line(text, "prueba_calor -1"));
    // Buckets hold what is at most their bound.
    for (const char* line : {"prueba_segundos_bucket{le=\"0.5\"} 2", "prueba_segundos_bucket{le=\"1.0\"} 3",
                             "prueba_segundos_bucket{le=\"2.0\"} 4", "prueba_segundos_bucket{le=\"+Inf\"} 5",
                             "prueba_segundos_sum 12.5", "prueba_segundos_count 5"})
        CHECK(has_line(text, line));

    Page page;
    page.add(shared.region());
    const auto open = page.openmetrics();
    CHECK(has_line(open, "# TYPE prueba_vistas counter"));
    CHECK(has_line(open, "prueba_vistas_total{tenant=\"a\\\"b\\\\c\\nd\"} 3"));
    CHECK(open.ends_with("# EOF\n"));
}

TEST_CASE("one series for one set of labels, whoever asks") {
    const SharedRegion shared;
    Registry one(shared.region()), other(shared.region());
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&, i] {
            auto& registry = i % 2 ? one : other;
            for (int n = 0; n < 2'000; ++n) registry.series(seen, {{"kind", std::to_string(n % 50)}}).add();
        });
    for (auto& thread : threads) thread.join();
    Page page;
    page.add(shared.region());
    const auto& samples = page.families().at("prueba_vistas_total").samples;
    CHECK(samples.size() == 50);
    for (const auto& sample : samples) CHECK(sample.values == std::vector<double>{320});
}

TEST_CASE("a plugin takes its share of series, the rest is counted together and said once") {
    const SharedRegion shared;
    Registry one(shared.region()), other(shared.region());
    int told = 0, surplus = 0;
    for (auto* registry : {&one, &other})
        for (int n = 0; n < 30; ++n) {
            const auto value = std::to_string(n);
            const auto found = registry->limited_series(
                seen, {{"tenant", "riomar"}, {"plugin", "p"}, {"n", value}}, "p", 10);
            found.series.add();
            told += found.first;
            surplus += found.surplus;
        }
    CHECK(told == 1);
    CHECK(surplus == 40);
    const auto text = text_of_region(shared.region());
    CHECK(has_line(text, "prueba_vistas_total{tenant=\"riomar\",plugin=\"p\",n=\"9\"} 2"));
    CHECK(has_line(text, "prueba_vistas_total{tenant=\"otros\",plugin=\"p\",n=\"otros\"} 40"));
    CHECK(has_line(text, "concejo_metrics_series{plugin=\"p\"} 10"));
    // Another plugin is not touched by it, and labels that do not fit go the same way.
    CHECK_FALSE(other.limited_series(seen, {{"plugin", "q"}, {"n", "1"}}, "q", 10).surplus);
    CHECK(other.limited_series(seen, {{"plugin", "q"}, {"n", std::string(text_size, 'x')}}, "q", 10).surplus);
}

TEST_CASE("a name that means another thing in a new generation is shown as it is now") {
    const SharedRegion shared;
    Registry before(shared.region());
    before.series(time_taken, {}).observe(1);
    constexpr double others[] = {7};
    const Family now{time_taken.name, Kind::histogram, "Otra cosa", others};
    Registry after(shared.region());
    after.series(now, {}).observe(5);
    const auto text = text_of_region(shared.region());
    CHECK(has_line(text, "prueba_segundos_bucket{le=\"7.0\"} 1"));
    CHECK(text.find("le=\"0.5\"") == std::string::npos);
    // Another explanation alone changes no figure.
    Registry third(shared.region());
    third.series({seen.name, Kind::counter, "Antes"}, {}).add(2);
    third.series({seen.name, Kind::counter, "Después"}, {});
    Registry fourth(shared.region());
    fourth.declare({seen.name, Kind::counter, "Al final"});
    fourth.series({seen.name, Kind::counter, "Al final"}, {}).add();
    const auto later = text_of_region(shared.region());
    CHECK(has_line(later, "prueba_vistas_total 3"));
    CHECK(has_line(later, "# HELP prueba_vistas_total Al final"));
}

TEST_CASE("a full table loses series, never a process") {
    const SharedRegion shared;
    for (std::size_t i = 0; i < slot_count - 2; ++i) shared.region().ids[i] = i + 1;
    Registry registry(shared.region());
    registry.series(seen, {}).add();  // its family and itself
    registry.series(seen, {{"a", "1"}}).add();
    CHECK(shared.region().lost == 1);
    const auto text = text_of_region(shared.region());
    CHECK(has_line(text, "prueba_vistas_total 1"));
    CHECK(has_line(text, "concejo_metrics_lost_series 1"));
}

TEST_CASE("a worker has one place, which is empty once it is dead") {
    const SharedRegion shared;
    const pid_t child = apart([&] {
        auto* place = take_place(map_region(shared.fd()));
        place->connections = 7;
        if (take_place(map_region(shared.fd())) == nullptr) ::_exit(1);
    });
    ::waitpid(child, nullptr, 0);
    CHECK(shared.region().places[0].connections == 7);
    clear_place(shared.region(), static_cast<std::uint32_t>(child));
    CHECK(shared.region().places[0].pid == 0);
    CHECK(shared.region().places[0].connections == 0);
}

TEST_CASE("the kernel's own names keep Prometheus's rules, each once") {
    std::set<std::string_view> names;
    for (const auto* family : catalogue) {
        INFO(family->name);
        CHECK(names.insert(family->name).second);
        CHECK(family->name.starts_with("concejo_"));
        CHECK(family->name.ends_with("_total") == (family->kind == Kind::counter));
        CHECK(family->help.size() + family->name.size() < text_size);
        CHECK((family->kind == Kind::histogram) == !family->bounds.empty());
    }
}

// Workers are killed while they register and count, over and over. Nothing may be lost that was counted
// before a witness (a pipe's byte) was given, no reader may find anything but whole lines, and who comes next
// finds every series usable.
TEST_CASE("kill -9 at any moment leaves a table that everybody can go on with") {
    const SharedRegion shared;
    std::uint64_t witnessed = 0;
    unsigned chance = 1;
    for (int round = 0; round < 200; ++round) {
        int pipe[2];
        REQUIRE(::pipe(pipe) == 0);
        const pid_t child = apart([&] {
            ::close(pipe[0]);
            Registry registry(map_region(shared.fd()));
            for (int n = 0;; ++n) {
                registry.series(seen, {{"n", std::to_string((round * 7 + n) % 400)}}).add();
                if (::write(pipe[1], "x", 1) != 1) ::_exit(1);
            }
        });
        ::close(pipe[1]);
        chance = chance * 1103515245 + 12345;
        std::this_thread::sleep_for(std::chrono::microseconds(200 + (chance >> 8) % 3'000));
        ::kill(child, SIGKILL);
        char bytes[65536];
        for (ssize_t n; (n = ::read(pipe[0], bytes, sizeof bytes)) > 0;)
            witnessed += static_cast<std::uint64_t>(n);
        ::close(pipe[0]);
        ::waitpid(child, nullptr, 0);
    }
    Registry after(shared.region());
    for (int n = 0; n < 400; ++n) after.series(seen, {{"n", std::to_string(n)}}).add(0);
    Page page;
    page.add(shared.region());
    const auto& samples = page.families().at("prueba_vistas_total").samples;
    CHECK(samples.size() == 400);
    double counted = 0;
    std::set<std::string> labels;
    for (const auto& sample : samples) {
        counted += sample.values[0];
        REQUIRE(sample.labels.size() == 1);
        labels.insert(sample.labels[0].second);
    }
    CHECK(labels.size() == 400);
    CHECK(witnessed > 1'000);
    CHECK(counted >= static_cast<double>(witnessed));
    CHECK(counted <=
          static_cast<double>(witnessed) + 200);  // at most one of each between its add and its byte
}

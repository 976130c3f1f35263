// es.prueba.averias: breaks in every way a plugin can, when it is asked to. For tests/faults only.
#include <concejo/plugin.hpp>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <thread>

namespace {

using concejo::Call;
using concejo::Json;
using concejo::Reply;
using concejo::Request;

volatile int* nowhere = nullptr;

int deep(int n) {
    volatile char room[4096];
    room[0] = static_cast<char>(n);
    return n < 0 ? 0 : deep(n + 1) + room[0];
}

/// Writes over its own return address.
[[gnu::noinline]] void smash() {
    char room[16];
    char* volatile where = room;
    std::memset(where, 'x', 256);
}

void uncaught() noexcept { std::string().at(7); }

void break_by(std::string_view how) {
    if (how == "abort") std::abort();
    if (how == "segv") *nowhere = 1;
    if (how == "smash") smash();
    if (how == "deep") deep(0);
    if (how == "exit") std::exit(3);
    if (how == "throw") uncaught();
    if (how == "hang")
        for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
}

/// The file that CONCEJO_AVERIAS names says "<moment> <how>": breaks so at that moment.
void obey_at(std::string_view now) {
    const char* file = std::getenv("CONCEJO_AVERIAS");
    if (!file) return;
    std::string moment, how;
    std::ifstream(file) >> moment >> how;
    if (moment == now) break_by(how);
}

class Averias {
public:
    explicit Averias(concejo::Kernel& kernel) {
        obey_at("arranque");
        kernel.page("/averias/azar", [this](const Request&, Reply& reply) {
            if (++served_ % one_in == 0) std::abort();
            reply.body("text/plain", "bien");
        });
        kernel.page("/averias/:como", [](const Request& request, Reply& reply) {
            break_by(request.segment("como"));
            reply.body("text/plain", "bien");
        });
        kernel.page(
            "/averias/guardada/:n",
            [](const Request&, Reply& reply) { reply.body("text/plain", "guardada"); },
            concejo::RouteOptions{.permission = {}, .cached = true});
        kernel.api("GET", "/averias/:como", [](const Request& request, Reply& reply) {
            break_by(request.segment("como"));
            reply.json(Json::object({{"bien", true}}));
        });
        kernel.api("GET", "/averias/encola/:que", [](const Request& request, Reply& reply) {
            auto tx = request.begin();
            request.enqueue(tx, Json::object({{"kind", "romper"}}));
            tx.commit();
            reply.json(Json::object({{"encolado", true}}));
        });
        kernel.job("romper",
                   [](const Call&, const Json&, const concejo::JobProgress&) { obey_at("trabajos"); });
        kernel.block("home", 900, [](const Call&, const Json&) -> Json { return {}; });
    }

private:
    static constexpr int one_in = 1000;
    std::atomic<int> served_{0};
};

}  // namespace

CONCEJO_PLUGIN(Averias, "es.prueba.averias", "1.0.0", "log/1 http/1 pages/1 db/1 jobs/1", "", "")

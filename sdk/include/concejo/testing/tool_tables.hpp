// The fake kernel's log/1, cli/1 and process/1.
#pragma once

#include <concejo/testing/world.hpp>

namespace concejo::inline v1::testing::detail {

inline const concejo_log_1& log_table() {
    static const concejo_log_1 table = [] {
        concejo_log_1 t{};
        t.size = sizeof t;
        t.write = [](const concejo_host* host, concejo_call*, std::int32_t level, concejo_str text,
                     concejo_str fields) {
            world_of(host).log.push_back({level, std::string(cpp(text)), std::string(cpp(fields))});
        };
        return t;
    }();
    return table;
}

/// What a concejo_cli* is.
struct Paper {
    std::string out, err;
    int exit_code = 0;
};

inline const concejo_cli_1& cli_table() {
    static const concejo_cli_1 table = [] {
        concejo_cli_1 t{};
        t.size = sizeof t;
        t.command = [](const concejo_host* host, concejo_str declaration, concejo_command run,
                       void* context) {
            return answer([&] {
                auto& world = registering(host, "una orden");
                auto json = Json::parse(cpp(declaration));
                (void)json.at("verb").as_string();
                world.commands.push_back({std::move(json), run, context});
            });
        };
        t.out = [](concejo_cli* cli, concejo_str text) {
            reinterpret_cast<Paper*>(cli)->out += std::string(cpp(text)) + "\n";
        };
        t.err = [](concejo_cli* cli, concejo_str text) {
            reinterpret_cast<Paper*>(cli)->err += std::string(cpp(text)) + "\n";
        };
        t.write = [](concejo_cli* cli, concejo_str bytes) {
            reinterpret_cast<Paper*>(cli)->out += cpp(bytes);
        };
        t.progress = [](concejo_cli*, std::uint64_t, std::uint64_t, concejo_str) {};
        t.exit_code = [](concejo_cli* cli, std::int32_t code) {
            reinterpret_cast<Paper*>(cli)->exit_code = code;
        };
        return t;
    }();
    return table;
}

inline Json run_program(concejo_call* call, concejo_str spec) {
    const auto& world = *call_of(call).world;
    if (!world.programs)
        throw Error(ErrorKind::unavailable,
                    "ejecuta un programa y la prueba no ha dicho qué contesta: «kernel.programs(…)»");
    return world.programs(Json::parse(cpp(spec)));
}

inline const concejo_process_1& process_table() {
    static const concejo_process_1 table = [] {
        concejo_process_1 t{};
        t.size = sizeof t;
        t.run = [](concejo_call* call, concejo_str spec, concejo_sink sink, void* context) {
            return answer([&] { give(sink, context, run_program(call, spec).dump()); });
        };
        t.run_watched = [](concejo_call* call, concejo_str spec, concejo_progress told, void* told_context,
                           concejo_sink sink, void* context) {
            return answer([&] {
                const auto said = run_program(call, spec);
                if (const auto* steps = said.find("progress")) {
                    for (const auto& step : steps->as_array()) {
                        const auto& parts = step.as_array();
                        const auto message = parts.size() > 2 ? parts.at(2).as_string() : std::string();
                        raise(told(told_context, static_cast<std::uint64_t>(parts.at(0).as_int()),
                                   static_cast<std::uint64_t>(parts.at(1).as_int()), c(message)));
                    }
                }
                give(sink, context, said.dump());
            });
        };
        return t;
    }();
    return table;
}

}  // namespace concejo::inline v1::testing::detail

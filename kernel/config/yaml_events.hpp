// Builds our tree from the YAML library's events. Internal to the reader: no other header includes this one.
#pragma once

#include "kernel/config/node.hpp"
#include "kernel/config/reader.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kernel::config {

class EventTree final : public YAML::EventHandler {
public:
    /// Thrown where reading cannot go on; the problem is already noted.
    struct Stop {};

    EventTree(std::string_view text, const std::string& file, const ReaderOptions& options,
              Problems& problems);

    /// From the library's 0-based bytes to our 1-based characters.
    Place place(const YAML::Mark& mark) const;
    void refuse_second_document();
    std::optional<Node> take();

    void OnDocumentStart(const YAML::Mark& mark) override;
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override;
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value style) override;
    void OnSequenceEnd() override;
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value style) override;
    void OnMapEnd() override;

private:
    /// A collection not yet closed; of a mapping also the key that waits for its value.
    struct Open {
        Node node;
        YAML::anchor_t anchor = 0;
        bool has_key = false;
        bool drop_value = false;  ///< of a key that was refused
        Member pending;
        std::string_view after_key;  ///< rest of the line after a plain key
    };

    [[noreturn]] void stop(const Place& place, std::string message);
    void count(const Place& place, std::size_t nodes);
    void open(Node node, YAML::anchor_t anchor, const std::string& tag);
    void close();
    void add(Node node, YAML::anchor_t anchor);
    void add_key(const Node& node);
    void check_colon(const Open& mapping);
    bool expects_key() const;
    void apply_tag(Node& node, const std::string& tag);
    void resolve_env(Node& node);
    void check_plain(const Node& node);

    std::vector<std::string_view> lines_;
    const std::string file_;
    const ReaderOptions& options_;
    Problems& problems_;
    std::vector<Open> open_;
    std::map<YAML::anchor_t, Node> anchors_;
    std::optional<Node> root_;
    Place second_document_;
    int documents_ = 0;
    std::size_t nodes_ = 0;
    std::size_t aliases_ = 0;
};

}  // namespace kernel::config

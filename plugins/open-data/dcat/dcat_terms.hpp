// What datasets, services and catalogues say alike in DCAT-AP-ES. Part of the library, not of its interface.
#pragma once

#include "describer.hpp"

namespace open_data::dcat {

/// Each adds properties to the node and remembers what they name, to be described at the end.
class DcatTerms {
protected:
    void publisher(Node& node, const Agent& agent);
    /// `of`: URI of what it is the contact of.
    void contact(Node& node, const Contact& contact, const std::string& of, const Agent& agent);
    /// Spanish is one of them always: the metadata are in it, and convention 02 wants it said.
    void languages(Node& node, const std::vector<std::string>& tags);
    void license(Node& node, const std::string& license);
    void rights(Node& node, std::string_view name, const std::string& code);
    void spatial(Node& node, const std::vector<std::string>& uris);
    /// Where, when and how often.
    void coverage(Node& node, const Dataset& dataset);
    /// Keywords, sectors and the European themes that they map to.
    void subjects(Node& node, const Keywords& keywords, const std::vector<std::string>& sectors);
    void law(Node& node, const std::vector<std::string>& laws,
             const std::vector<std::string>& hvd_categories);
    void hvd(Node& node, const std::vector<std::string>& categories);
    /// Only what IANA has registered has an address there.
    void media_type(Node& node, const Distribution& distribution);

    Shared shared_;
};

}  // namespace open_data::dcat

"""What the reason codes of this room say, and the kinds of its notices."""

from django.utils.translation import gettext_lazy as _

from podpora.base.reasons import Way, declare
from podpora.notifications.values import declare_kind

READ_ON = Way("forum", _("Read the forum"), "forum:home")
NEW_TOPIC = Way("forum", _("Start a new topic"), "forum:new")
WRITE = Way("ask", _("Write to us: licence and general questions are always answered"), "public:contact")
HANDLE = Way("forum", _("Choose a name for the forum"), "forum:me")

declare("forum.sign_in", _("To take part, sign in or make an account."), ways=(Way("ask", _("Sign in"), "account_login"), READ_ON))
declare("forum.customers_only", _("Here only owners of a licence write. Reading is open to you."), ways=(READ_ON, WRITE))
declare("forum.staff_only", _("Here only our staff write."), ways=(READ_ON,))
declare("forum.category_closed", _("Nothing new can be written in this category."), ways=(READ_ON,))
declare("forum.closed", _("This topic is closed: nothing more can be written in it."), ways=(NEW_TOPIC,))
declare("forum.gone", _("This is no longer here."), ways=(READ_ON,))
declare("forum.silenced", _("You can't write in the forum until {until}. {why}"), ways=(WRITE,))
declare("forum.silenced_for_good", _("You can't write in the forum any more. {why}"), ways=(WRITE,))
declare("forum.suspended", _("Your account takes no part in the forum. {why}"), ways=(WRITE,))

declare("forum.wait", _("New members wait a moment between two posts: {seconds} s more. Your text is kept."))
declare("forum.topics_first_day", _("In the first 24 hours a new member can start {most} topics. Answering goes on."))
declare(
    "forum.posts_first_day",
    _("In the first 24 hours a new member can write {most} answers. Come back tomorrow; your text is kept."),
)
declare("forum.posts_in_topic", _("A new member can write {most} answers in one topic. Let others write, too."))
declare("forum.too_many_links", _("A new member can put {most} links into a post: take out the others."))
declare("forum.too_many_pictures", _("A new member can put {most} picture into a post: take out the others."))
declare("forum.no_files", _("New members can't attach files yet. Put the text of a log between lines with ```."))
declare("forum.too_many_files", _("At most {most} files can be added to one post."))
declare("forum.too_many_uploads", _("That was a lot of files. Wait an hour, then go on."))
declare("forum.too_many_mentions", _("One post can mention {most} people at most."))
declare("forum.not_text", _("This contains characters that are not text."))
declare("forum.no_such_tag", _("A tag has letters, digits and hyphens, up to 30 of them."))
declare("forum.handle_form", _("A name has 3 to 30 small letters without accents, digits or hyphens, and begins with a letter."))
declare("forum.handle_taken", _("Somebody has this name already: choose another."))

declare("forum.not_solving", _("Topics of this category have no solution."))
declare("forum.not_yours_to_solve", _("Only who asked, and our staff, can mark the solution."))
declare("forum.first_post_is_question", _("The first post is the question: it can't be the solution."))
declare("forum.closed_to_solve", _("This topic is closed: only our staff can change its solution."))
declare("forum.not_solved", _("This topic has no solution."))
declare("forum.not_shown", _("This post is not published, so it can't be used for that."))

declare("forum.own_post", _("You can't vote for your own post."))
declare("forum.cannot_flag", _("New members can't report posts yet. Write to us if something is really bad."), ways=(WRITE,))
declare("forum.flagged_already", _("You reported this post already; somebody will look at it."))
declare("forum.flag_decided", _("Somebody looked at this post within the last day and decided about it."))
declare("forum.flags_a_day", _("You can report {most} posts a day."))
declare("forum.own_flag", _("This is your own post: you can delete it."))
declare("forum.edit_too_soon", _("Your post was hidden. Think about it and change it after {after}."))
declare("forum.hidden_twice", _("Your post was hidden again: only our staff can publish it now."), ways=(WRITE,))
declare("forum.edit_too_late", _("A post can be changed for {days} days. Write an answer that corrects it."))
declare("forum.already_handled", _("Somebody else decided about this already: {how}."))
declare(
    "forum.delete_first",
    _("The first post goes together with its topic, and others answered already. Ask our staff."),
    ways=(WRITE,),
)
declare("forum.same_topic", _("This is the same topic."))
declare("forum.nothing_chosen", _("Choose at least one post; the first one stays where it is."))
declare("forum.edited_meanwhile", _("Somebody changed this while you were writing. Read it, then save again: your text is kept."))
declare("forum.draft_changed", _("You went on with this draft in another window; the newer text is kept there."))
declare("forum.ticket_already", _("A ticket was made of this topic already: {ticket}."))
declare("forum.no_consent", _("A ticket becomes a public topic only when its requester agreed."))
declare("forum.solved_warning", _("This topic is solved. Is your trouble another one? Then start a new topic."), ways=(NEW_TOPIC,))
declare("forum.key_masked", _("Your text had a licence key in it. We took it out before anybody saw it: {count}."))
declare("forum.held", _("Thank you. Your post will be published when somebody of us has looked at it."))
declare("forum.search_wait", _("That was a lot of searching. Wait a moment, then go on."))

KINDS = {
    "forum.replied": _("New answers in topics that I watch"),
    "forum.mentioned": _("Somebody mentioned me in the forum"),
    "forum.topic": _("New topics in categories or tags that I watch"),
    "forum.accepted": _("My answer is the solution, or my topic was solved"),
    "forum.details": _("Our staff need details about my topic"),
    "forum.digest": _("A summary of the forum"),
}
for _name, _label in KINDS.items():
    declare_kind(_name, label=_label, automatic=True)
declare_kind("forum.moderated", label=_("What moderators decided about my posts and reports"), can_mute=False)
declare_kind("forum.mail_refused", label=_("My mail to the forum was not published"), can_mute=False)
declare_kind("forum.review_waits", label=_("Posts that wait for a moderator"), staff=True)

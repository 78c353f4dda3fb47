"""Addresses of the forum."""

from django.urls import path

from podpora.web.forum import feeds, files, mails, me, pages, people, posts, topics, writing

app_name = "forum"
urlpatterns = [
    path("", pages.home, name="home"),
    path("feed.atom", feeds.forum, name="feed"),
    path("latest/", pages.latest, name="latest"),
    path("unread/", pages.unread, name="unread"),
    path("read-all/", pages.read_all, name="read_all"),
    path("c/<slug:category>/", pages.category, name="category"),
    path("c/<slug:category>/feed.atom", feeds.category, name="category_feed"),
    path("c/<slug:category>/follow/", me.follow_category, name="follow_category"),
    path("tags/<str:tag>/", pages.tag, name="tag"),
    path("tags/<str:tag>/follow/", me.follow_tag, name="follow_tag"),
    path("new/", writing.new, name="new"),
    path("similar/", writing.similar, name="similar"),
    path("preview/", writing.preview, name="preview"),
    path("draft/", writing.draft, name="draft"),
    path("files/", files.store, name="store"),
    path("files/<code>/", files.file, name="file"),
    path("topics/<int:number>/", topics.bare, name="bare"),
    path("topics/<int:number>/feed.atom", feeds.topic, name="topic_feed"),
    path("topics/<int:number>/reply/", writing.reply, name="reply"),
    path("topics/<int:number>/follow/", me.follow_topic, name="follow_topic"),
    path("topics/<int:number>/read/", me.reading, name="reading"),
    path("topics/<int:number>/unaccept/", posts.unaccept, name="unaccept"),
    path("topics/<int:number>/posts/<int:post>/", topics.post, name="post"),
    path("topics/<int:number>/<str:slug>/", topics.topic, name="topic"),
    path("posts/<code>/edit/", posts.edit, name="edit"),
    path("posts/<code>/history/", posts.history, name="history"),
    path("posts/<code>/delete/", posts.delete, name="delete"),
    path("posts/<code>/vote/", posts.vote, name="vote"),
    path("posts/<code>/accept/", posts.accept, name="accept"),
    path("posts/<code>/flag/", posts.flag, name="flag"),
    path("people/<slug:handle>/", people.person, name="person"),
    path("me/", me.me, name="me"),
    path("me/following/", me.following, name="following"),
    path("me/drafts/", me.drafts, name="drafts"),
    path("me/mail/", mails.addresses, name="addresses"),
    path("unsubscribe/<token>/", mails.unsubscribe, name="unsubscribe"),
]
